/** An object whose members are checked by its kind's own table, not by the resource's schema. */
export const anyObject = { type: "object", additionalProperties: true } as const;

export const optional = { optional: true } as const;

/** An object's metadata: checked by the kind's own rules; its name may hold a `{generation}`. */
export const metadataSchema = {
  type: "object",
  properties: { name: { generation: true } },
  additionalProperties: true,
} as const;
