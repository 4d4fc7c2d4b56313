import { BerthError } from "@berth/diagnostics";
import fc from "fast-check";
import { expect, test } from "vitest";
import { App, Cluster, declareHere, Group } from "./acme.fixture.ts";
import { Component, ComponentType } from "./index.ts";
import { optionNames } from "./option-table.ts";

@ComponentType("acme:Box")
class Box extends Component {}

/** Whatever a program without types may give. */
const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
});
const options = fc.oneof(
  anything,
  fc.dictionary(
    fc.oneof(fc.constantFrom(...optionNames), fc.constantFrom("__proto__", "constructor", "x")),
    anything,
  ),
  fc.dictionary(
    fc.constantFrom(...optionNames),
    fc.oneof(
      fc.array(fc.oneof(fc.string(), fc.constantFrom("*", "spec.image", "a[", "[x=]"), anything)),
      fc.dictionary(fc.constantFrom("create", "beforeDelete", "name", "urn", "parent"), anything),
    ),
  ),
);

test(
  "whatever is given as options is accepted, or refused with codes that say where",
  { timeout: 180_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(options, options, async (given, ofBox) => {
        const declared = declareHere(() => {
          const cluster = new Cluster("c", {});
          const parent = new Box("box", {}, ofBox as never);
          new Group("a", { location: "x" }, given as never);
          new App("b", { spec: { image: "x:1" } }, { parent, cluster });
          Group.get("r", "id", given as never);
          // Nor may what a transform answers be anything.
          new Group("t", { location: "x" }, { transforms: () => given as never });
          new Group(
            "u",
            { location: "x" },
            { transforms: () => ({ inputs: given, options: ofBox }) as never },
          );
        });
        const thrown: unknown = await declared.then(
          () => undefined,
          (error: unknown) => error,
        );
        if (thrown === undefined) return;
        if (!BerthError.is(thrown)) throw thrown;
        for (const { code, resource, site } of thrown.problems) {
          if (code === "BERTH1015") continue;
          expect([resource, site]).toEqual([
            expect.stringContaining("urn:berth:dev:shop"),
            expect.anything(),
          ]);
        }
      }),
      { numRuns: process.env["BERTH_LONG"] === "1" ? 20_000 : 300 },
    );
  },
);
