import type { StackState } from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileBackend } from "./file-backend.ts";
import { readingBytes } from "./fixtures/stored-bytes.ts";
import { operationOn, recordOf } from "./testing/records.ts";

let directory: string;
const backend = () => fileBackend({ directory, project: "store" });
/** Written under the first lock of the stack. */
const journal = "journal.1.jsonl";
const path = (file: string) => join(directory, "dev", file);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "berth-state-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A snapshot with two resources, and a journal that adds one and leaves an operation pending. Answers the states on the way. */
async function writeBoth(): Promise<readonly StackState[]> {
  const session = await backend().lock("dev", { operation: "up" });
  const states: StackState[] = [];
  for (const record of [recordOf("ä"), recordOf("b", ["ä"])]) {
    const operation = { ...operationOn("x"), urn: record.urn };
    await session.begin(operation);
    await session.succeed(operation, { kind: "recorded", record });
  }
  await session.commit();
  states.push(session.state);
  await session.begin(operationOn("c"));
  states.push(session.state);
  await session.succeed(operationOn("c"), {
    kind: "recorded",
    record: { ...recordOf("c", ["b"]), inputs: { name: "ö\u{1F600}" } },
  });
  states.push(session.state);
  await session.begin(operationOn("d"));
  states.push(session.state);
  await session.release();
  return states;
}

async function codeOf(read: Promise<unknown>): Promise<string> {
  const error: unknown = await read.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return BerthError.is(error) ? (error.problems[0]?.code ?? "") : `no coded error: ${String(error)}`;
}

describe("a state whose files are not as they were written", () => {
  test("a snapshot truncated at any byte is refused", async () => {
    await writeBoth();
    const bytes = readFileSync(path("snapshot.json"));
    for (let length = 0; length < bytes.length; length++) {
      const { read } = readingBytes({ snapshot: bytes.subarray(0, length), journal: undefined });
      expect(await codeOf(read("dev")), `${length} bytes`).toBe("BERTH4004");
    }
  });

  test("a journal truncated at any byte is read up to its last whole line, and goes on from there", async () => {
    const states = await writeBoth();
    const [snapshot, bytes] = [readFileSync(path("snapshot.json")), readFileSync(path(journal))];
    const ends = [...bytes.keys()].filter((at) => bytes[at] === 10);
    for (let length = 0; length < bytes.length; length++) {
      const { read } = readingBytes({ snapshot, journal: bytes.subarray(0, length) });
      // A line that lacks nothing but its line break is whole.
      const wholeEntries = Math.max(0, ends.filter((end) => end <= length).length - 1);
      expect(await read("dev"), `${length} bytes`).toEqual(states[wholeEntries]);
    }
  });

  test.each([
    ["torn", 3, [operationOn("e")]],
    ["unterminated", 1, [operationOn("d"), operationOn("e")]],
  ])("a session goes on after a last line that is %s", async (_, missing, pending) => {
    await writeBoth();
    const bytes = readFileSync(path(journal));
    writeFileSync(path(journal), bytes.subarray(0, bytes.length - missing));
    const session = await backend().lock("dev", { operation: "up" });
    await session.begin(operationOn("e"));
    await session.release();
    expect((await backend().read("dev")).pending).toEqual(pending);
  });

  test.each(["snapshot.json", journal])("%s with any byte changed is refused", async (file) => {
    await writeBoth();
    const files = { snapshot: readFileSync(path("snapshot.json")), journal: readFileSync(path(journal)) };
    const bytes = readFileSync(path(file));
    for (let at = 0; at < bytes.length; at++) {
      for (const mask of [0x01, 0x20, 0x80]) {
        const changed = Buffer.from(bytes);
        changed[at] = changed[at]! ^ mask;
        const { read } = readingBytes({
          ...files,
          ...(file === journal ? { journal: changed } : { snapshot: changed }),
        });
        expect(await codeOf(read("dev")), `byte ${at} of ${file}`).toMatch(/^BERTH400[45]$/);
      }
    }
  });

  test("a journal with a line left out, doubled or moved is refused", async () => {
    await writeBoth();
    const lines = readFileSync(path(journal), "utf8").trimEnd().split("\n");
    const [start, one, two, three] = lines;
    for (const changed of [
      [start, two, three],
      [start, one, one, two],
      [start, two, one],
      [one, two],
      [start, one, two, three, start],
    ]) {
      writeFileSync(path(journal), `${changed.join("\n")}\n`);
      expect(await codeOf(backend().read("dev"))).toBe("BERTH4004");
    }
  });

  test("a journal without its snapshot, or beside another one, is refused", async () => {
    await writeBoth();
    const snapshot = readFileSync(path("snapshot.json"));
    rmSync(path("snapshot.json"));
    expect(await codeOf(backend().read("dev"))).toBe("BERTH4004");
    writeFileSync(path("snapshot.json"), snapshot);
    const text = readFileSync(path(journal));
    const session = await backend().lock("dev", { operation: "up" });
    await session.begin(operationOn("f"));
    await session.commit();
    await session.release();
    writeFileSync(path(journal), text);
    expect((await backend().read("dev")).pending.length, "what the snapshot has already is passed over").toBe(
      2,
    );
  });

  test("a journal that is in the snapshot already is removed by the next session", async () => {
    await writeBoth();
    const text = readFileSync(path(journal));
    const session = await backend().lock("dev", { operation: "up" });
    await session.commit();
    const { state } = session;
    await session.release();
    writeFileSync(path(journal), text);
    expect(await backend().read("dev")).toEqual(state);
    await (await backend().lock("dev", { operation: "up" })).release();
    expect(readdirSync(join(directory, "dev"))).not.toContain(journal);
    expect(await backend().read("dev")).toEqual(state);
  });

  test("a newer format is refused by name", async () => {
    await writeBoth();
    for (const file of ["snapshot.json", journal]) {
      const text = readFileSync(path(file), "utf8");
      writeFileSync(path(file), text.replace('"version":2', '"version":3'));
      await expect(backend().read("dev")).rejects.toThrow(
        "it was made by a newer berth: its format has version 3, this berth knows 1 to 2",
      );
      writeFileSync(path(file), text);
    }
  });

  test("a state of another project or stack is refused", async () => {
    await writeBoth();
    rmSync(path(journal));
    expect(await codeOf(fileBackend({ directory, project: "other" }).read("dev"))).toBe("BERTH4006");
  });

  test("a refused state is not locked, and not touched", async () => {
    await writeBoth();
    writeFileSync(path("snapshot.json"), "{");
    expect(await codeOf(backend().lock("dev", { operation: "up" }))).toBe("BERTH4004");
    expect(readdirSync(join(directory, "dev")).filter((file) => !file.startsWith("lock"))).toEqual([
      journal,
      "snapshot.json",
    ]);
    expect(readFileSync(path("snapshot.json"), "utf8")).toBe("{");
  });

  test("a damaged state says what a repair would come to, and is repaired when somebody says yes", async () => {
    await writeBoth();
    const session = await backend().lock("dev", { operation: "up" });
    await session.commit();
    await session.release();
    const text = readFileSync(path("snapshot.json"), "utf8");
    const damaged = text.replace('"id":"things/c"', '"id":"things/x"');
    writeFileSync(path("snapshot.json"), damaged);
    await expect(backend().read("dev")).rejects.toThrow(
      "`berth state repair` would keep 2 resources, but not everything",
    );
    expect((await backend().repair("dev", async () => false)).kind).toBe("refused");
    expect(readFileSync(path("snapshot.json"), "utf8")).toBe(damaged);
    const outcome = await backend().repair("dev", async ({ state }) => state.resources.length === 2);
    expect(outcome).toMatchObject({ kind: "repaired", findings: [{ what: "lost" }] });
    const [kept = ""] = outcome.kind === "repaired" ? outcome.kept : [];
    expect(readFileSync(kept, "utf8")).toBe(damaged);
    expect((await backend().read("dev")).resources.map((each) => each.id)).toEqual(["things/ä", "things/b"]);
    expect(await backend().repair("dev", async () => true)).toEqual({ kind: "whole" });
    const next = await backend().lock("dev", { operation: "up" });
    await next.begin(operationOn("e"));
    await next.release();
  });

  test("a damaged journal is kept, byte by byte, and what was before the damage goes on", async () => {
    const states = await writeBoth();
    const bytes = readFileSync(path(journal));
    const at = bytes.indexOf("things/c");
    bytes[at] = 0xff;
    writeFileSync(path(journal), bytes);
    const outcome = await backend().repair("dev", async () => true);
    const kept = outcome.kind === "repaired" ? outcome.kept : [];
    expect(kept).toHaveLength(2);
    expect(readFileSync(kept[1] ?? "").equals(bytes)).toBe(true);
    const { resources, pending } = await backend().read("dev");
    expect([resources, pending]).toEqual([states[1]?.resources, states[1]?.pending]);
  });

  test("a snapshot that was deleted beside its history is missed, and the newest copy takes its place", async () => {
    const states = await writeBoth();
    const session = await backend().lock("dev", { operation: "up" });
    await session.commit();
    await session.release();
    rmSync(path("snapshot.json"));
    await expect(backend().read("dev")).rejects.toThrow("it is missing, and older ones are kept");
    expect(await codeOf(backend().lock("dev", { operation: "up" }))).toBe("BERTH4004");
    expect(await backend().repair("dev", async () => true)).toMatchObject({ kind: "repaired" });
    expect((await backend().read("dev")).resources).toEqual(states[0]?.resources);
  });
});
