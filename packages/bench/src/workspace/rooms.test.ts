import { expect, test } from "vitest";
import { readRooms } from "./rooms.ts";

const rooms = readRooms(`
| room | may import | public face |
|---|---|---|
| \`diagnostics\` | - | problems |
| \`core\` | - | resources |
| \`report\` | core (types) | text |
| \`engine\` | core, state | up |
| \`state\` | core | files |
| \`automation\` | all but cli | Stack |
| \`cli\` | automation, report | berth |
| \`bench\` | any | private |

Pure rooms: \`core\`, \`report\`.
`);

test.each([
  ["core", ["diagnostics"]],
  ["engine", ["diagnostics", "core", "state"]],
  ["automation", ["diagnostics", "core", "report", "engine", "state"]],
  ["cli", ["diagnostics", "automation", "report"]],
  ["bench", ["diagnostics", "core", "report", "engine", "state", "automation", "cli"]],
])("%s may import %j", (name, expected) => {
  expect([...(rooms.get(name)?.mayImport ?? [])]).toEqual(expected);
});

test("types only", () => {
  expect(rooms.get("report")).toMatchObject({
    mayImport: new Set(["diagnostics"]),
    mayImportTypes: new Set(["core"]),
  });
});

test("pure rooms", () => {
  expect([...rooms.values()].filter((each) => each.pure).map((each) => each.name)).toEqual([
    "core",
    "report",
  ]);
});
