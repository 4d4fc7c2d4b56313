import type { StackState } from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "./canonical.ts";
import { renameStack } from "./edits/exported-state.ts";
import { Chance, damages, editJson, journalWith, snapshotWith } from "./fixtures/mutations.ts";
import { richState } from "./fixtures/rich-state.ts";
import { readingBytes, type StoredBytes } from "./fixtures/stored-bytes.ts";
import { integrityFaults } from "./integrity.ts";
import { repairState } from "./repair/repair-state.ts";
import { asJson } from "./shape.ts";
import { encodeSnapshot } from "./snapshot.ts";

/** How many files of each kind: 2,000 in all here. */
const rounds = process.env["BERTH_LONG"] === "1" ? 1_000 : 50;

const { snapshot, journal, states } = richState();
const whole = { snapshot: Buffer.from(snapshot), journal: Buffer.from(journal.join("")) };
const other = encodeSnapshot(renameStack(states[0]!, "store", "prod"), "snapshot.json", 6).text;

/** A state, or the code that refuses it; anything else that is thrown is a mistake of berth. */
async function read(bytes: StoredBytes): Promise<StackState | string> {
  try {
    return await readingBytes(bytes).read("dev");
  } catch (error) {
    if (BerthError.is(error)) return error.problems[0]?.code ?? "";
    throw error;
  }
}

/** Everything that a repair keeps of what was damaged, was there before; and what comes of it is whole. */
function expectHonestRepair({ snapshot: s, journal: j }: StoredBytes): void {
  const decode = (bytes: Uint8Array | undefined) =>
    bytes && new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const subject = { project: "store", stack: "dev", snapshotName: "snapshot", journalName: "journal" };
  try {
    const { state } = repairState({ snapshot: decode(s), journal: decode(j) }, subject);
    expect(integrityFaults(state)).toEqual([]);
    encodeSnapshot(state, "repaired", 1);
    for (const record of [...state.resources, ...(state.superseded ?? [])])
      expect(recordsEver).toContain(identity(record));
  } catch (error) {
    if (!BerthError.is(error)) throw error;
  }
}

/** Surroundings may be left out by a repair; what a record says of its own thing may not change. */
function identity(record: StackState["resources"][number]): string {
  const { dependencies: _, references: __, parent: ___, ...own } = record;
  return canonicalJson({ ...own });
}
const recordsEver = new Set(
  states.flatMap((state) => [...state.resources, ...(state.superseded ?? [])].map(identity)),
);

describe("files that are not as they were written", () => {
  test("are read as they were, where they are", async () => {
    expect(await read(whole)).toEqual(states.at(-1));
    expect(await read({ ...whole, journal: undefined })).toEqual(states[0]);
  });

  test.each(Object.entries(damages))(
    "%s: refused with a code, or a state that was durable once",
    async (name, damage) => {
      for (let round = 0; round < rounds; round++) {
        for (const part of ["snapshot", "journal"] as const) {
          const chance = new Chance(round * 2 + (part === "journal" ? 1 : 0));
          const bytes = { ...whole, [part]: damage(whole[part], chance) };
          const found = await read(bytes);
          const about = `${name} in the ${part}, round ${round}`;
          if (typeof found === "string") expect(found, about).toMatch(/^BERTH400[4-7]$/);
          else
            expect(
              states.some((state) => isDeepStrictEqual(state, found)),
              about,
            ).toBe(true);
          if (round < rounds / 5) expectHonestRepair(bytes);
        }
      }
    },
  );

  test("of another stack or of nothing are refused", async () => {
    expect(await read({ ...whole, snapshot: Buffer.from(other) })).toBe("BERTH4006");
    expect(await read({ ...whole, snapshot: undefined })).toBe("BERTH4004");
    expect(await read({ snapshot: whole.journal, journal: whole.snapshot })).toBe("BERTH4004");
  });
});

describe("edits under right checksums", () => {
  test("of a snapshot are refused, or read as what they say, whole", async () => {
    let readable = 0;
    for (let round = 0; round < rounds * 5; round++) {
      const edited = editJson(JSON.parse(snapshot), new Chance(round));
      const bytes = snapshotWith(edited);
      const found = await read({ snapshot: bytes, journal: undefined });
      if (typeof found === "string") {
        expect(found, `round ${round}`).toMatch(/^BERTH400[4-7]$/);
        continue;
      }
      readable++;
      expect(integrityFaults(found), `round ${round}`).toEqual([]);
      const said = JSON.parse(bytes.toString()) as { readonly resources: readonly object[] };
      expect(found.resources.map((each) => canonicalJson(asJson(each)))).toEqual(
        said.resources.map((each) => canonicalJson({ ...each })),
      );
    }
    expect(readable).toBeGreaterThan(rounds / 5);
  });

  test("of a journal are refused, or leave a whole state", async () => {
    const lines = journal.map((line): unknown => JSON.parse(line));
    for (let round = 0; round < rounds * 5; round++) {
      const chance = new Chance(round);
      const at = chance.below(lines.length);
      const edited = lines.with(at, editJson(lines[at], chance)) as Parameters<typeof journalWith>[0];
      const found = await read({ ...whole, journal: journalWith(edited) });
      if (typeof found === "string") expect(found, `round ${round}`).toMatch(/^BERTH400[4-7]$/);
      else expect(integrityFaults(found), `round ${round}`).toEqual([]);
    }
  });
});
