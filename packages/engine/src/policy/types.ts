import type { PolicyResource, ResourcePolicy } from "./policy.ts";

/** Whether a policy is about resources of this type. */
export function appliesTo({ types }: ResourcePolicy, { type }: PolicyResource): boolean {
  return (
    types?.some((each) => each === type || (each.endsWith("*") && type.startsWith(each.slice(0, -1)))) ?? true
  );
}
