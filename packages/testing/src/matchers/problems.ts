import { formatProblem, type Problem } from "@berth/diagnostics";
import { cut, type Verdict, verdict } from "../verdict.ts";

/** Whether a problem of that code was found, and its words hold the text where one is given. */
export function hasProblem(problems: readonly Problem[], code: string, text?: string | RegExp): Verdict {
  const ofCode = problems.filter((each) => each.code === code);
  const found = ofCode.filter((each) => text === undefined || says(formatProblem(each), text));
  const expected = `to have the problem ${code}${text === undefined ? "" : ` that says ${String(text)}`}`;
  return verdict(found.length > 0, expected, () => {
    const shown = [found, ofCode, problems].find((each) => each.length > 0);
    return shown
      ? ["it has", ...cut(shown.map((each) => `  ${formatProblem(each)}`))]
      : ["it has no problem"];
  });
}

function says(words: string, text: string | RegExp): boolean {
  return typeof text === "string" ? words.includes(text) : text.test(words);
}
