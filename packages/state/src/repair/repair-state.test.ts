import type { StackState } from "@berth/core";
import { describe, expect, test } from "vitest";
import { renameStack } from "../edits/exported-state.ts";
import { integrityFaults } from "../integrity.ts";
import { encodeJournalEntry, encodeJournalStart } from "../journal.ts";
import type { JournalEntry } from "../journal-entry.ts";
import { canonicalJson } from "../canonical.ts";
import { withChecksum } from "../checksummed.ts";
import { decodeSnapshot, encodeSnapshot } from "../snapshot.ts";
import { StackTable } from "../stack-table.ts";
import { operationOn, recordOf, urnOf } from "../testing/records.ts";
import { repairState, type RepairTexts } from "./repair-state.ts";

const subject = { project: "store", stack: "dev", snapshotName: "snapshot", journalName: "journal" };
const repair = (texts: Partial<RepairTexts>) =>
  repairState({ snapshot: undefined, journal: undefined, ...texts }, subject);
const said = (texts: Partial<RepairTexts>) =>
  repair(texts).findings.map(({ what, message }) => `${what}: ${message}`);

const base: StackState = {
  project: "store",
  stack: "dev",
  serial: 7,
  resources: [recordOf("a"), recordOf("b", ["a"]), recordOf("c", ["a", "b"])],
  superseded: [{ ...recordOf("b"), operationKey: "older" }],
  outputs: { url: "http://a" },
  pending: [operationOn("d")],
  secretsKey: { source: "file", salt: "c2FsdA==", check: "00" },
};
const { text: snapshot, checksum } = encodeSnapshot(base, "snapshot", 5);

const entries: readonly JournalEntry[] = [
  { kind: "begin", operation: operationOn("e") },
  { kind: "recorded", operationKey: "key of e", record: recordOf("e", ["a"]) },
  { kind: "moved", from: urnOf("e"), to: urnOf("f") },
  { kind: "begin", operation: operationOn("g", "create", "key of g") },
];

function journalOf(on: { serial: number; checksum: string }, list = entries, fence = 5): readonly string[] {
  let { text, end } = encodeJournalStart(on, fence);
  const lines = [text];
  for (const entry of list) {
    ({ text, end } = encodeJournalEntry(entry, end));
    lines.push(text);
  }
  return lines;
}
const lines = journalOf({ serial: 7, checksum });

/** The states on the way. */
const states = [base];
{
  const table = new StackTable(base);
  for (const entry of entries) {
    table.apply(entry);
    states.push(table.state());
  }
}

/** A state with this content, whose checksum is right, whatever is wrong with it. */
function forged(change: (value: Record<string, unknown>) => void): string {
  const value = JSON.parse(snapshot) as Record<string, unknown>;
  delete value["checksum"];
  change(value);
  return withChecksum(JSON.stringify(value).slice(1)).text;
}

describe("what is whole", () => {
  test("is as it is", () => {
    expect(repair({ snapshot, journal: lines.join("") })).toEqual({
      state: states.at(-1),
      findings: [],
      fence: 5,
    });
    expect(repair({ snapshot })).toEqual({ state: base, findings: [], fence: 5 });
    expect(repair({}).state.resources).toEqual([]);
  });

  test("and only torn at its end loses nothing that was durable", () => {
    const text = lines.join("");
    expect(repair({ snapshot, journal: text.slice(0, -20) })).toEqual({
      state: states.at(-2),
      findings: [],
      fence: 5,
    });
  });
});

describe("a changed journal", () => {
  test("is kept up to the changed line, and each entry from there on is said to be lost", () => {
    for (let at = 1; at < lines.length; at++) {
      const changed = lines.with(at, lines[at]!.replace('"kind":', '"Kind":'));
      const { state, findings } = repair({ snapshot, journal: changed.join("") });
      expect({ ...state, serial: 0 }).toEqual({ ...states[at - 1], serial: 0 });
      expect(state.serial).toBe(11);
      expect(findings).toHaveLength(1 + lines.length - at);
    }
    expect(
      said({ snapshot, journal: lines.with(2, lines[2]!.replace("things/e", "things/x")).join("") }),
    ).toEqual([
      "lost: the journal: line 3 was changed, so from there on nothing of it counts: 3 entries",
      'lost: line 3: "recorded" of e, id things/x',
      'lost: line 4: "moved" of e',
      'lost: line 5: "begin" of g (create, operation key key of g)',
    ]);
  });

  test("with any byte changed keeps everything before it", () => {
    const text = lines.join("");
    for (let at = 0; at < text.length; at += 3) {
      const changed = text.slice(0, at) + (text[at] === "x" ? "y" : "x") + text.slice(at + 1);
      const before = text.slice(0, at).split("\n").length - 1;
      const { state } = repair({ snapshot, journal: changed });
      expect({ ...state, serial: 0 }, `byte ${at}`).toEqual({
        ...states[Math.max(0, before - 1)],
        serial: 0,
      });
    }
  });

  test("that continues another snapshot is lost, by entry", () => {
    const other = journalOf({ serial: 7, checksum: "0".repeat(64) });
    expect(repair({ snapshot, journal: other.join("") }).state.resources).toEqual(base.resources);
    expect(said({ snapshot, journal: other.join("") })).toHaveLength(5);
  });

  test("that is in the snapshot already is only removed", () => {
    const older = journalOf({ serial: 3, checksum: "0".repeat(64) });
    expect(repair({ snapshot, journal: older.join("") })).toEqual({ state: base, findings: [], fence: 5 });
  });

  test("of a newer berth is not touched", () => {
    const newer = lines.with(0, lines[0]!.replace('"version":2', '"version":3'));
    expect(() => repair({ snapshot, journal: newer.join("") })).toThrow("BERTH4005");
  });
});

describe("a changed snapshot", () => {
  test("with any byte changed loses at most the record that it is in, and never a value is taken that was changed", () => {
    const known = new Set(
      [...base.resources, ...(base.superseded ?? []), ...base.pending].map((each) =>
        canonicalJson({ ...each }),
      ),
    );
    for (let at = 0; at < snapshot.length; at++) {
      for (const mask of [0x01, 0x20]) {
        const changed =
          snapshot.slice(0, at) +
          String.fromCharCode(snapshot.charCodeAt(at) ^ mask) +
          snapshot.slice(at + 1);
        let repaired;
        try {
          repaired = repair({ snapshot: changed });
        } catch (error) {
          expect(String(error), `byte ${at}`).toMatch(/BERTH40(05|30)/);
          continue;
        }
        const { state, findings } = repaired;
        expect(findings.length, `byte ${at}`).toBeGreaterThan(0);
        expect(integrityFaults(state)).toEqual([]);
        const kept = [...state.resources, ...(state.superseded ?? []), ...state.pending];
        expect(
          kept.length,
          `byte ${at}: ${findings.map((each) => each.message).join()}`,
        ).toBeGreaterThanOrEqual(snapshot[at] === "\n" ? 3 : 4);
        // A dependency that is gone is left out; nothing else about a record differs.
        for (const each of kept.filter((one) => !("dependencies" in one && one.dependencies.length < 2)))
          expect(known, `byte ${at}`).toContain(canonicalJson({ ...each }));
        expect([{}, base.outputs]).toContainEqual(state.outputs);
      }
    }
  });

  test("goes on with its journal, which still names it", () => {
    const changed = snapshot.replace('"id":"things/c"', '"id":"things/x"');
    const { state, findings } = repair({ snapshot: changed, journal: lines.join("") });
    expect(state.resources.map((each) => each.id)).toEqual(["things/a", "things/b", "things/e"]);
    expect(findings).toEqual([
      {
        what: "lost",
        urn: urnOf("c"),
        message:
          "the record of c was changed, and nobody can say where; its line says the id things/x, which may be wrong. Where the thing still exists, take it into the stack again with `berth import`",
      },
    ]);
  });

  test("has a copy in the history: nothing is lost", () => {
    const changed = snapshot.replace('"id":"things/c"', '"id":"things/x"');
    const history = [{ name: "history/7", text: snapshot }];
    const { state, findings } = repair({ snapshot: changed, journal: lines.join(""), history });
    expect(state).toEqual(states.at(-1));
    expect(findings.map((each) => each.what)).toEqual(["kept"]);
  });

  test("has older copies, in which the same record is found by its digest", () => {
    const older = encodeSnapshot(
      { ...base, serial: 3, resources: base.resources.slice(0, 2) },
      "snapshot",
      5,
    ).text;
    const history = [{ name: "history/3", text: older }];
    const changed = (id: string) => snapshot.replace(`"id":"things/${id}"`, '"id":"things/x"');
    expect(repair({ snapshot: changed("b"), history })).toEqual({
      state: base,
      fence: 5,
      findings: [
        { what: "kept", message: "the record of b was changed; history/3 has it as it was written" },
      ],
    });
    expect(said({ snapshot: changed("c"), history })[0]).toContain("lost: the record of c was changed");
  });

  test("of which nothing can be read is replaced by the newest copy, else refused", () => {
    const history = [
      { name: "history/8", text: "{" },
      { name: "history/7", text: snapshot },
    ];
    expect(repair({ snapshot: "", history }).state).toEqual(base);
    expect(said({ snapshot: "", history })[0]).toContain("what was recorded after it is lost");
    for (const text of ["", "{", "\0\0\0", "x".repeat(100_000)])
      expect(() => repair({ snapshot: text })).toThrow("BERTH4030");
  });

  test("that is missing leaves what its journal recorded", () => {
    const { state, findings } = repair({ journal: lines.join("") });
    expect(state.resources.map((each) => each.id)).toEqual(["things/e"]);
    expect(findings.map((each) => each.what)).toEqual(["lost"]);
  });

  test("of another stack is refused", () => {
    const other = encodeSnapshot(renameStack(base, "store", "prod"), "snapshot", 5).text;
    expect(() => repair({ snapshot: other })).toThrow("BERTH4006");
    expect(() => repair({ snapshot: other.replace('"id":"things/c"', '"id":"things/x"') })).toThrow(
      "BERTH4006",
    );
    expect(() =>
      repair({ snapshot: other.replace('"id":"things/c"', '"id":"things/x"').replace("{", "{ ") }),
    ).toThrow("BERTH4006");
  });
});

describe("a state that was written and cannot be", () => {
  const resources = (list: readonly unknown[]) => forged((value) => (value["resources"] = list));
  const a = recordOf("a");

  test.each<[string, string, readonly string[], readonly string[]]>([
    [
      "a dangling dependency",
      resources([recordOf("b", ["a"])]),
      ["things/b"],
      ["changed: b no longer says that it needs a: not recorded, or in a cycle"],
    ],
    [
      "the wrong order",
      resources([recordOf("b", ["a"]), a]),
      ["things/a", "things/b"],
      ["changed: the records are put in the order of what they need"],
    ],
    [
      "a record twice",
      resources([a, { ...a, id: "things/other" }]),
      ["things/a"],
      ["dropped: a is recorded twice; the first record is kept, this one is not. Its id is things/other."],
    ],
    [
      "a cycle",
      resources([recordOf("a", ["b"]), recordOf("b", ["a"])]),
      ["things/b", "things/a"],
      [
        "changed: b no longer says that it needs a: not recorded, or in a cycle",
        "changed: the records are put in the order of what they need",
      ],
    ],
    [
      "a record without id",
      resources([a, { ...recordOf("b"), id: "" }]),
      ["things/a"],
      [`dropped: ${urnOf("b")} has no id.`],
    ],
    [
      "a record of another stack",
      resources([a, { ...recordOf("b"), urn: "urn:berth:prod:store::test:Thing::b" }]),
      ["things/a"],
      ["dropped: b is no URN of store/dev and type test:Thing. Its id is things/b."],
    ],
    [
      "a provider that is gone",
      resources([a, { ...recordOf("b"), providerResource: urnOf("p") }, recordOf("c", ["b"])]),
      ["things/a", "things/c"],
      [
        "dropped: b was made with p, which is not recorded, so its account is not known. Its id is things/b.",
        "changed: c no longer says that it needs b: not recorded, or in a cycle",
      ],
    ],
  ])("%s", (_, text, ids, findings) => {
    expect(() => decodeSnapshot(text, "snapshot", subject)).toThrow("BERTH4007");
    const { state } = repair({ snapshot: text });
    expect(state.resources.map((each) => each.id)).toEqual(ids);
    expect(said({ snapshot: text })).toEqual(findings);
    expect(integrityFaults(state)).toEqual([]);
  });
});
