import { BerthError, problem } from "@berth/diagnostics";
import { captureInputs } from "./capture.ts";
import { coreCodes } from "./codes.ts";
import { activeContext } from "./context.ts";
import { declared } from "./declared.ts";
import { isOutput } from "./output-handle.ts";
import type { Resource } from "./resource.ts";

/** A value whose parts may be assigned; outputs stay what they are. */
export type Draft<T> = T extends (...args: never[]) => unknown
  ? T
  : { -readonly [K in keyof T]: Draft<T[K]> };

/**
 * Changes the inputs of a resource that was declared already, while its program still runs. This
 * is how components offer verbs (`workload.spreadAcross("zone")`) over resources that they made
 * before they knew everything. Inputs are checked when the program has returned.
 *
 * @example amend(deployment, (inputs) => { inputs.spec.replicas = 3; });
 * @throws BERTH1007 once the program has returned
 */
export function amend<I extends object>(resource: Resource<I>, recipe: (inputs: Draft<I>) => void): void {
  const declaration = resource[declared];
  const context = activeContext();
  if (!context || context.sealed) {
    const message = `${declaration.type} "${declaration.name}" can't be changed: its program is not running any more`;
    throw new BerthError([problem(coreCodes.BERTH1007, { message, resource: declaration.urn })]);
  }
  const draft = thaw(declaration.inputs) as Draft<I>;
  recipe(draft);
  const { inputs, holes, problems } = captureInputs(draft, declaration.definition.inputs, false);
  const { urn, site } = declaration;
  context.problems.push(...problems.map((each) => ({ resource: urn, ...(site && { site }), ...each })));
  Object.assign(declaration, { inputs, holes });
}

/** A deep copy that may be written to. Outputs, secrets and unknowns are shared: they are immutable. */
function thaw(value: unknown): unknown {
  if (typeof value !== "object" || value === null || isOutput(value)) return value;
  if (Array.isArray(value)) return value.map(thaw);
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, thaw(each)]));
}
