import type { Plan } from "@berth/automation";
import { type Problem, problem } from "@berth/diagnostics";
import { codes } from "./codes.ts";

/** What `--expect-no-changes` says of a plan that has some. */
export function unexpectedChanges({ project, stack }: Plan): Problem {
  return problem(codes.BERTH8006, {
    message: `${project}/${stack} would change, and no changes were expected`,
  });
}
