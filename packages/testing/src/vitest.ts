/**
 * The matchers for vitest's `expect`: `import "@berth/testing/vitest"` in a test, or in a file of `setupFiles`.
 *
 * @packageDocumentation
 */
import { expect } from "vitest";
import { planMatchers, type PlanMatchers } from "./matchers.ts";

// Parameters of a type that is added to are those that vitest declares.
declare module "vitest" {
  interface Matchers<
    R extends void | Promise<void> = void | Promise<void>,
    T = unknown,
  > extends PlanMatchers<R> {}
}

expect.extend({ ...planMatchers });
