import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";

/** Asks on the process's terminal; only "yes" is a yes. */
export async function confirm(question: string): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await reader.question(`${question} Only "yes" is a yes: `);
    return answer.trim().toLowerCase() === "yes";
  } catch {
    // Ctrl-C or Ctrl-D at the question is a no.
    return false;
  } finally {
    reader.close();
  }
}

/** Asks for something that is not shown while it is typed; where nobody can be asked, it is all that the input gives. */
export async function secret(question: string): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, "");
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stderr.write(question);
  try {
    return await reader.question("");
  } finally {
    reader.close();
    process.stderr.write("\n");
  }
}
