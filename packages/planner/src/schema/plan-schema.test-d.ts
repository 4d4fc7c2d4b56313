import type { JsonObject } from "@berth/core";
import { expectTypeOf, test } from "vitest";
import type { Plan } from "../plan.ts";
import type { FromSchema } from "./from-schema.ts";
import type { planDefinitions, planSchema } from "./plan-schema.ts";

type Described = FromSchema<typeof planSchema, typeof planDefinitions>;

test("schema and type describe the same, member by member", () => {
  expectTypeOf<Described>().toExtend<Plan>();
  expectTypeOf<Plan>().toExtend<Described>();
  // Assignability alone overlooks an optional member that one side lacks.
  expectTypeOf<AllKeys<Described>>().toEqualTypeOf<AllKeys<Plan>>();
});

/** Every path of members in a type, through lists. Any JSON ends a path. */
type AllKeys<T> = [JsonObject] extends [T]
  ? never
  : T extends readonly (infer E)[]
    ? AllKeys<E>
    : T extends object
      ? string extends keyof T
        ? never
        : { [K in keyof T & string]-?: K | `${K}.${AllKeys<NonNullable<T[K]>>}` }[keyof T & string]
      : never;
