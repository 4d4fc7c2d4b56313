import { expectTypeOf, test } from "vitest";
import type { App, Group } from "./acme.fixture.ts";
import { all, defineResource, type Input, type Output, output, secret, text } from "./index.ts";

declare const group: Group;
declare const app: App;
declare const host: Output<string>;
declare const maybe: Output<{ readonly a?: { readonly b: string } } | undefined>;

test("parts of an output are outputs of the parts", () => {
  expectTypeOf(app.spec.image).toEqualTypeOf<Output<string>>();
  expectTypeOf(app.spec.ports.length).toEqualTypeOf<Output<number>>();
  expectTypeOf(maybe.a.b).toEqualTypeOf<Output<string>>();
  expectTypeOf(output({ a: [1], b: host })).toEqualTypeOf<Output<{ a: number[]; b: string }>>();
});

test("an output is not the value", () => {
  expectTypeOf(host).not.toExtend<string>();
  expectTypeOf<Output<number>>().not.toExtend<number>();
  expectTypeOf<Output<boolean>>().not.toExtend<boolean>();
  expectTypeOf<Output<string>>().not.toExtend<Output<number>>();
  expectTypeOf<Output<string | { a: string }>>().not.toExtend<string>();
  // @ts-expect-error no arithmetic
  void (host * 2);
  // @ts-expect-error no methods of the value
  host.toUpperCase();
  // @ts-expect-error no iteration
  for (const each of app.spec.ports) void each;
});

test("an input takes the value, an output, and outputs inside", () => {
  type Spec = {
    readonly image: string;
    readonly ports?: readonly { readonly port: number }[];
    readonly mode: "a" | "b";
  };
  expectTypeOf<{ image: Output<string>; ports: { port: Output<number> }[]; mode: "a" }>().toExtend<
    Input<Spec>
  >();
  expectTypeOf<Output<Spec>>().toExtend<Input<Spec>>();
  expectTypeOf<Spec>().toExtend<Input<Spec>>();
  expectTypeOf<Output<"a">>().toExtend<Input<"a" | "b">>();
  expectTypeOf<{ image: number; mode: "a" }>().not.toExtend<Input<Spec>>();
  expectTypeOf<Output<number>>().not.toExtend<Input<string>>();
  expectTypeOf<Output<string>>().not.toExtend<Input<Record<string, string>>>();
  expectTypeOf<Group>().not.toExtend<Input<Record<string, string>>>();
});

test("callbacks get plain values and may return outputs", () => {
  all([host, app.spec.ports, 3]).apply((values) => {
    expectTypeOf(values[0]).toEqualTypeOf<string>();
    expectTypeOf(values[2]).toEqualTypeOf<number>();
  });
  expectTypeOf(host.apply((each) => each.length)).toEqualTypeOf<Output<number>>();
  expectTypeOf(host.apply(() => group.id)).toEqualTypeOf<Output<string>>();
  expectTypeOf(host.apply(() => ({ id: group.id }))).toEqualTypeOf<Output<{ id: string }>>();
  expectTypeOf(text`${host}:${80}`).toEqualTypeOf<Output<string>>();
  expectTypeOf(secret("x")).toEqualTypeOf<Output<string>>();
  // @ts-expect-error an object is no text
  void text`${{ a: 1 }}`;
});

test("a resource without decorators is as typed as one with", () => {
  const Database = defineResource<{ size: number; tags?: string[] }, { host: string }>({
    type: "acme:Database",
    provider: "acme",
  });
  expectTypeOf<ConstructorParameters<typeof Database>[1]>().toExtend<{ size: Input<number> }>();
  expectTypeOf<InstanceType<typeof Database>["host"]>().toEqualTypeOf<Output<string>>();
  expectTypeOf<InstanceType<typeof Database>["size"]>().toEqualTypeOf<Output<number>>();
});
