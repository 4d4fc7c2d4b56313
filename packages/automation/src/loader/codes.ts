import { defineCodes } from "@berth/diagnostics";

/** What can be wrong with a program before and while it runs. */
export const loaderCodes = defineCodes({
  BERTH7101: {
    title: "The program is not there",
    explanation: "The file that berth.yaml names as `entry` does not exist.",
    remedy: "Correct `entry` in berth.yaml, or make the file.",
  },
  BERTH7102: {
    title: "The program is not valid TypeScript",
    explanation: "A file of the program can't be parsed.",
    remedy: "Mend the line that is named.",
  },
  BERTH7103: {
    title: "A module was not found",
    explanation: "The program imports a file or package that is not there.",
    remedy: "Correct the path, or install the package in the project's folder.",
  },
  BERTH7104: {
    title: "The program threw an error",
    explanation:
      "Something in the program threw while it declared its resources. Nothing was planned or applied.",
    remedy: "Mend the line that is named; the error is the program's own.",
  },
});
