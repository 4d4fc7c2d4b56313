import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileBackend } from "./file-backend.ts";
import { unseal } from "./sealing.ts";
import { openSecrets } from "./secrets.ts";
import { operationOn, recordOf, urnOf } from "./testing/records.ts";
import { plainJson } from "./sealing.ts";

/** Written by the last berth whose format was version 1. */
const fixtures = join(import.meta.dirname, "fixtures", "version-1");

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "berth-state-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function open(fixture: string) {
  cpSync(join(fixtures, fixture), join(directory, "dev"), { recursive: true });
  return fileBackend({ directory, project: "store" });
}

describe("a state of version 1", () => {
  test("is read as it was written", async () => {
    const expected: unknown = JSON.parse(readFileSync(join(fixtures, "whole", "state.json"), "utf8"));
    const backend = open("whole");
    const state = await backend.read("dev");
    expect(state).toEqual(expected);
    expect((await backend.readClusterSnapshot("dev", urnOf("k")))?.objects).toHaveLength(1);
    const secrets = openSecrets({
      recorded: state.secretsKey,
      passphrase: undefined,
      keyFile: join(directory, "dev", "secrets.key"),
    });
    const db = state.resources.find((each) => each.urn === urnOf("db"));
    expect(plainJson(unseal(db?.inputs ?? {}, secrets))).toEqual({
      name: "db",
      password: "marker-of-version-1",
    });
  });

  test.each(["whole", "torn", "snapshot-only", "journal-only"])(
    "%s is written in version 2 by the first session, and nothing is lost",
    async (fixture) => {
      const backend = open(fixture);
      const before = await backend.read("dev");
      await (await backend.lock("dev", { operation: "up" })).release();
      const files = readdirSync(join(directory, "dev"));
      expect(files).toContain("snapshot.json");
      expect(files).not.toContain("journal.jsonl");
      expect(readFileSync(join(directory, "dev", "snapshot.json"), "utf8")).toContain('"version":2');
      expect(await backend.read("dev")).toEqual(before);
      const session = await backend.lock("dev", { operation: "up" });
      await session.begin(operationOn("more"));
      await session.succeed(operationOn("more"), { kind: "recorded", record: recordOf("more") });
      await session.release();
      expect((await backend.read("dev")).resources).toHaveLength(before.resources.length + 1);
    },
  );

  test("whose journal was left beside the snapshot that holds it already is read", async () => {
    const backend = open("whole");
    const before = await backend.read("dev");
    await (await backend.lock("dev", { operation: "up" })).release();
    cpSync(join(fixtures, "whole", "journal.jsonl"), join(directory, "dev", "journal.jsonl"));
    expect(await backend.read("dev")).toEqual(before);
  });
});
