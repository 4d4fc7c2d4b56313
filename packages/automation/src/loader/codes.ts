import { defineCodes } from "@berth/diagnostics";

/** What can be wrong with a program before and while it runs. */
export const loaderCodes = defineCodes({
  BERTH7101: {
    title: "The program is not there",
    explanation: "The file that berth.yaml names as `entry` does not exist, or is a folder.",
    remedy: "Correct `entry` in berth.yaml, or make the file.",
  },
  BERTH7102: {
    title: "The program is not valid TypeScript",
    explanation: "A file of the program can't be parsed.",
    remedy: "Mend the line that is named.",
  },
  BERTH7103: {
    title: "A module was not found",
    explanation:
      "The program imports a file or package that is not there, or a part of a package that it does not offer.",
    remedy: "Correct the path, or install the package in the project's folder.",
  },
  BERTH7104: {
    title: "The program threw an error",
    explanation:
      "Something in the program threw while it declared its resources. Nothing was planned or applied.",
    remedy: "Mend the line that is named; the error is the program's own.",
  },
  BERTH7105: {
    title: "The program never ends",
    explanation:
      "The program waits, with `await` at its top level, for something that can't happen any more: nothing is left that could settle the promise.",
    remedy:
      "Look for a promise that is never resolved, or for a connection that was closed before it answered.",
  },
  BERTH7106: {
    title: "The program tried to end the process",
    explanation:
      "A program declares and returns; the process belongs to berth, which plans when the program has returned.",
    remedy: "Throw an error to stop with a message, or let the program come to its end.",
  },
  BERTH7107: {
    title: "A stack output needs a name",
    explanation: "The exports of a program are the outputs of its stack, by name. A default export has none.",
    remedy: "Write `export const url = …` instead of `export default …`.",
  },
  BERTH7108: {
    title: "Two copies of berth",
    explanation:
      "The program's folder has berth packages installed that are not those of the berth that runs. What a program declares with one copy is not seen by the other.",
    remedy:
      "Run the project's own berth (`npx berth …` in its folder), or remove its berth packages to use those of the one that runs.",
  },
  BERTH7109: {
    title: "A name is not exported",
    explanation:
      "The program imports a name that the module does not export. Types are not there when a program runs: one that is used with a decorator must be imported as what it is.",
    remedy: "Correct the name, or write `import type { … }` if it is a type.",
  },
  BERTH7111: {
    title: "A module of policies is not there",
    explanation: "A file that berth.yaml names under `policies` does not exist, or is a folder.",
    remedy:
      'Correct the path in berth.yaml, or make the file. Policies of a package are named through a file of the project: `export { policies } from "@acme/policies"`.',
  },
  BERTH7112: {
    title: "A module has no policies",
    explanation:
      "A file that berth.yaml names under `policies` has no export of that name, or one that is no list.",
    remedy: "Write `export const policies: readonly Policy[] = [ … ]`, with the type from `@berth/engine`.",
  },
  BERTH7110: {
    title: "A module declares only once",
    explanation:
      "An inline program imports a module that declares resources while it is evaluated. Node evaluates a module once for a process: the second time that the program runs, it would declare nothing, and everything would be deleted.",
    remedy:
      "Let the module export a function that declares, and call it; or name the program by its file, which berth evaluates anew each time.",
  },
});
