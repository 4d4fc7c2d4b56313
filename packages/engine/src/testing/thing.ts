import { defineResource, Unknown } from "@berth/core";

const text = { type: "string" } as const;

/** What the tests' cloud holds: a named thing with a value, which may take values from others. */
export const Thing = defineResource<
  { name: string; value?: string; from?: readonly string[]; password?: string; fixed?: string },
  { id: string; version: string; token: string }
>({
  type: "test:Thing",
  provider: "test",
  inputs: {
    name: { ...text, immutable: "a thing cannot be renamed" },
    value: { ...text, default: "" },
    from: { type: "array", items: text, default: [] },
    password: { schema: { ...text, secret: true }, optional: true },
    fixed: { schema: { ...text, immutable: "it is fixed" }, optional: true },
  },
  outputs: {
    id: { ...text, immutable: "an id is for life" },
    /** Follows from the inputs, but only the cloud knows how. */
    version: text,
    token: { ...text, secret: true },
  },
  predict: ({ inputs: { name } }) => ({ id: name instanceof Unknown ? name : `things/${String(name)}` }),
  identity: ({ name }) => (typeof name === "string" ? `thing ${name}` : undefined),
});
