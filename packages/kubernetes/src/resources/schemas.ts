/** An object whose members are checked by its kind's own table, not by the resource's schema. */
export const anyObject = { type: "object", additionalProperties: true } as const;

export const optional = { optional: true } as const;
