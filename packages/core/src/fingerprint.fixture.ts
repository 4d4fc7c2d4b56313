import { defineResource } from "./define-resource.ts";

/** A resource with a value and an output. */
export const Thing = defineResource<{ value: string }, { version: string }>({
  type: "acme:Thing",
  provider: "acme",
  inputs: { value: { type: "string" } },
  outputs: { version: { type: "string" } },
});
