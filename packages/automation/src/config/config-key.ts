import { BerthError, type Problem, problem, type SourceSite } from "@berth/diagnostics";
import { codes } from "../codes.ts";

const word = "[A-Za-z][A-Za-z0-9_.-]*";
const pattern = new RegExp(`^(?:${word}:)?${word}$`);

/** What is wrong with the key of a configuration value, if anything. */
export function keyProblem(key: string, site?: SourceSite): Problem | undefined {
  if (key.length <= 200 && pattern.test(key) && !isOfObjects(key)) return undefined;
  return problem(codes.BERTH7207, {
    message: `${JSON.stringify(key)} can't be the key of a configuration value`,
    hint: "a letter, then letters, digits, `_`, `.` and `-`; at most one `:`, behind whose it is: `azure:location`",
    ...(site && { site }),
  });
}

/** @throws BERTH7207 */
export function checkKey(key: string): string {
  const wrong = keyProblem(key);
  if (wrong) throw new BerthError([wrong]);
  return key;
}

/** What every object of JavaScript has: a program that looks it up would find that. */
function isOfObjects(key: string): boolean {
  return key.split(":").some((part) => part in {});
}
