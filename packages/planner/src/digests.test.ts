import { Component, ComponentType, Hook, optionNames, type ResourceOptions } from "@berth/core";
import { expect, test } from "vitest";
import { Account, Cluster, KubernetesObject, Machine } from "./testing/cloud.ts";
import { TestStack } from "./testing/stack.ts";

@ComponentType("acme:Box")
class Box extends Component {}

interface Around {
  readonly box: Box;
  readonly account: InstanceType<typeof Account>;
  readonly clusters: readonly [InstanceType<typeof Cluster>, InstanceType<typeof Cluster>];
  readonly other: InstanceType<typeof Machine>;
}

/** A use of each option, and where two uses may differ, another one. */
const uses: { readonly [K in keyof ResourceOptions]-?: readonly ((around: Around) => ResourceOptions)[] } = {
  parent: [({ box }) => ({ parent: box })],
  dependsOn: [({ other }) => ({ dependsOn: other })],
  protect: [() => ({ protect: true })],
  provider: [({ account }) => ({ provider: account })],
  cluster: [({ clusters }) => ({ cluster: clusters[1] })],
  silence: [() => ({ silence: ["BERTH3101"] })],
  ignoreChanges: [() => ({ ignoreChanges: ["*"] }), () => ({ ignoreChanges: ["metadata.name"] })],
  replaceOnChanges: [() => ({ replaceOnChanges: ["*"] }), () => ({ replaceOnChanges: ["metadata.name"] })],
  replacementTrigger: [
    () => ({ replacementTrigger: 1 }),
    () => ({ replacementTrigger: 2 }),
    ({ other }) => ({ replacementTrigger: { ip: other.ip } }),
  ],
  deleteBeforeReplace: [() => ({ deleteBeforeReplace: true }), () => ({ deleteBeforeReplace: false })],
  aliases: [() => ({ aliases: ["old"] }), () => ({ aliases: ["older"] })],
  import: [() => ({ import: "apps/1" }), () => ({ import: "apps/2" })],
  adopt: [() => ({ adopt: true })],
  retainOnDelete: [() => ({ retainOnDelete: true })],
  deletedWith: [({ other }) => ({ deletedWith: other })],
  customTimeouts: [() => ({ customTimeouts: { create: 1 } }), () => ({ customTimeouts: { create: 2 } })],
  additionalSecretOutputs: [() => ({ additionalSecretOutputs: ["uid"] })],
  transforms: [() => ({ transforms: ({ inputs }) => ({ inputs: { ...inputs, spec: {} } }) })],
  hooks: [
    () => ({ hooks: { beforeDelete: new Hook("a", () => undefined) } }),
    () => ({ hooks: { beforeDelete: new Hook("b", () => undefined) } }),
    () => ({ hooks: { beforeCreate: () => undefined } }),
  ],
};

async function digestOf(use: (around: Around) => ResourceOptions): Promise<string> {
  const { base } = await new TestStack().preview(() => {
    const around: Around = {
      box: new Box("box", {}),
      account: new Account("account", { number: "1" }),
      clusters: [new Cluster("a", { name: "a" }), new Cluster("b", { name: "b" })],
      other: new Machine("other", { size: 1 }),
    };
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "it" } };
    new KubernetesObject("it", object, { cluster: around.clusters[0], ...use(around) });
  });
  return base.graphDigest;
}

test("two programs that differ in one option have two digests", async () => {
  expect(Object.keys(uses).toSorted()).toEqual(optionNames.toSorted());
  const digests = await Promise.all([() => ({}), ...Object.values(uses).flat()].map(digestOf));
  expect(new Set(digests).size).toBe(digests.length);
  expect(await Promise.all([() => ({}), ...Object.values(uses).flat()].map(digestOf))).toEqual(digests);
});
