import { describe, expect, test } from "vitest";
import { hasTerminals, ProjectFolder } from "./harness.ts";
import { webShop } from "./programs.ts";

const question = 'Only "yes" is a yes: ';
// oxlint-disable-next-line no-control-regex
const escape = /\u001b/;
// oxlint-disable-next-line no-control-regex
const colour = /\u001b\[[\d;]+m/;

describe.skipIf(!hasTerminals)("on a terminal", () => {
  test("up asks, and only yes is a yes", async () => {
    using project = ProjectFolder.of({ "main.ts": webShop });
    const env = { TERM: "xterm" };
    for (const no of ["no\n", "y\n", "\n", "\u0003", "\u0004"]) {
      const { code, stdout } = await project.run(["up"], { env, answer: { to: question, with: no } });
      expect(code, stdout).toBe(1);
      expect(stdout).toContain(`Apply this? ${question}`);
      expect(stdout).toContain("Nothing was applied.");
    }
    expect([...project.bytes().keys()]).toEqual([]);

    const { code, stdout } = await project.run(["up"], { env, answer: { to: question, with: "yes\n" } });
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(colour);
    expect(stdout).toContain("Done: 4 of 4 steps.");

    const kept = await project.run(["destroy"], { env, answer: { to: question, with: "no\n" } });
    expect([kept.code, kept.stdout]).toEqual([1, expect.stringContaining("Destroy all of this?")]);
    const gone = await project.run(["destroy"], { env, answer: { to: question, with: "yes\n" } });
    expect(gone.code).toBe(0);
  });

  test.each([80, 120])("of %i columns no line is longer, nor a word torn", async (columns) => {
    using project = ProjectFolder.store();
    const env = { TERM: "xterm", NO_COLOR: "1", COLUMNS: String(columns) };
    for (const words of [
      ["preview"],
      ["why", "store-front#1"],
      ["preview", "--help"],
      ["help", "BERTH3101"],
    ]) {
      const narrow = await project.run(words, { env });
      const wide = await project.run(words, { env: { NO_COLOR: "1", COLUMNS: "1000" } });
      expect(Math.max(...narrow.stdout.split("\n").map((line) => [...line].length))).toBeLessThanOrEqual(
        columns,
      );
      const wordsOf = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));
      expect([...wordsOf(narrow.stdout)].filter((each) => !wordsOf(wide.stdout).has(each))).toEqual([]);
    }
  });

  test("NO_COLOR takes the colours, CI takes the questions and whatever moves the cursor", async () => {
    using project = ProjectFolder.of({ "main.ts": webShop });
    const answer = { to: question, with: "yes\n" };
    const plain = await project.run(["up"], { env: { TERM: "xterm", NO_COLOR: "1" }, answer });
    expect(plain.code).toBe(0);
    expect(plain.stdout).not.toMatch(colour);

    const env = { TERM: "xterm", CI: "true", NO_COLOR: "1" };
    const unasked = await project.run(["destroy"], { env, answer });
    expect([unasked.code, unasked.stdout]).toEqual([1, expect.stringContaining("error BERTH8002")]);
    const ci = await project.run(["destroy", "--yes"], { env, answer });
    expect(ci.code).toBe(0);
    expect(unasked.stdout + ci.stdout).not.toMatch(escape);
  });
});
