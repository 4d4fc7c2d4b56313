import * as nodeModule from "node:module";

/**
 * Runs the command as a process of its own: `process.argv` in, exit code out. Compiled code of berth's own
 * modules is kept between runs; it is most of the time that a small preview takes.
 */
export async function start(): Promise<void> {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 22 || (major === 22 && minor < 18)) {
    process.stderr.write(`berth needs Node 22.18 or newer; this is ${process.version}.\n`);
    process.exit(1);
  }
  nodeModule.enableCompileCache();
  const { claimTerminal, main, reportFailure } = await import("./main.ts");
  const terminal = claimTerminal();
  // What nobody waits for and nobody catches: of the program, or a mistake of ours.
  process.on("uncaughtException", (error) => process.exit(reportFailure(error, terminal)));
  process.exitCode = await main(process.argv.slice(2), terminal);
}
