import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret, Unknown } from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import fc from "fast-check";
import { beforeAll, expect, test, vi } from "vitest";
import { openProject } from "../project.ts";

const berth = `name: shop
entry: shop.ts
config:
  replicas: { type: integer, minimum: 1, default: 2, description: Copies of the store }
  size: { type: string, enum: [small, large], default: small }
  token: { type: string, minLength: 4, secret: true }
  ports: &ports { type: array, items: { type: integer }, optional: true }
  others: *ports
`;

const dev = `# ours
config:
  replicas: 3
  shop:size: large
  ports: [80, 443]
  azure:location: westeurope
`;

let directory: string;
let sealed: string;
beforeAll(async () => {
  vi.stubEnv("BERTH_PASSPHRASE", "");
  directory = await mkdtemp(join(tmpdir(), "berth-mutated-"));
  await writeFile(join(directory, "berth.yaml"), berth);
  await writeFile(join(directory, "berth.dev.yaml"), dev);
  const project = await openProject({ cwd: directory });
  await project.configuration("dev").set("token", "hunter2-marker");
  sealed = await readFile(join(directory, "berth.dev.yaml"), "utf8");
  if (sealed.includes("hunter2")) throw new Error("the secret stands in the file");
});

const fragments = [
  "",
  " ",
  "\n",
  "\t",
  ":",
  "- ",
  "{",
  "}",
  "[",
  "]",
  "&a ",
  "*a",
  "*ports",
  "!!js/function ",
  "!!binary ",
  "? ",
  "| ",
  "> ",
  "__proto__: 1\n",
  "null",
  "~",
  "-1",
  "1e999",
  ".nan",
  "'",
  '"',
  "#",
  "\u0000",
  "\uFFFD",
  "<<: *ports",
  "%YAML 9.9\n",
  "---\n",
];

const mutation = fc.record({
  file: fc.constantFrom("berth.yaml", "berth.dev.yaml"),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.nat(12),
  inserted: fc.constantFrom(...fragments),
  again: fc.option(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(...fragments)), {
    nil: undefined,
  }),
});

const runs = process.env["BERTH_LONG"] === "1" ? 20_000 : 1000;

test(
  "mutated configuration is refused with a code, or read as another valid one; what is secret is not said",
  { timeout: 600_000 },
  async () => {
    const outcomes = { read: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(mutation, async ({ file, at, removed, inserted, again }) => {
        const texts = new Map([
          ["berth.yaml", berth],
          ["berth.dev.yaml", sealed],
        ]);
        let text = texts.get(file) ?? "";
        const place = Math.floor(at * text.length);
        text = text.slice(0, place) + inserted + text.slice(place + removed);
        if (again)
          text = text.slice(0, again[0] * text.length) + again[1] + text.slice(again[0] * text.length);
        texts.set(file, text);
        for (const [name, content] of texts) await writeFile(join(directory, name), content);
        try {
          const project = await openProject({ cwd: directory });
          const values = await project.configuration("dev").values({}, "seal");
          for (const key of Object.keys(values)) expect(key).toMatch(/^[\w.-]+:[\w.-]+$/);
          const plain = Object.entries(values).filter(
            ([, value]) => !(value instanceof Secret || value instanceof Unknown),
          );
          expect(JSON.parse(JSON.stringify(plain))).toEqual(plain);
          outcomes.read++;
        } catch (error) {
          if (!BerthError.is(error)) throw error;
          for (const each of error.problems) {
            expect(each.code).toMatch(/^BERTH\d{4}$/);
            expect(each.message).not.toContain("hunter2-marker");
          }
          outcomes.refused++;
        }
      }),
      { numRuns: runs },
    );
    expect(outcomes.read).toBeGreaterThan(runs / 100);
    expect(outcomes.refused).toBeGreaterThan(runs / 10);
  },
);

test("aliases that blow up are refused", async () => {
  const bomb = [
    "a: &a [x,x,x,x,x,x,x,x,x]",
    ..."bcdefghi"
      .split("")
      .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[i]}`).join(",")}]`),
  ];
  await writeFile(
    join(directory, "berth.yaml"),
    `name: shop\nentry: x\nconfig:\n${bomb.map((line) => `  ${line}`).join("\n")}\n`,
  );
  await expect(openProject({ cwd: directory })).rejects.toThrow(/BERTH7202/);
});
