import { declare, optionNames, type ResourceOptions } from "@berth/core";
import { type Plan, planStack } from "@berth/planner";
import { memoryBackend } from "@berth/state";
import { expect, test } from "vitest";
import { Account, Accounts, type Asked, Cluster, definition, Workload } from "./fixtures/accounts.ts";
import { openTestSecrets } from "./fixtures/stack.ts";
import { Thing } from "./fixtures/thing.ts";
import type { ApplyOperation } from "./operation.ts";
import { up } from "./up.ts";

/** What options may refer to. */
interface Around {
  readonly account: InstanceType<typeof Account>;
  readonly clusters: readonly [InstanceType<typeof Cluster>, InstanceType<typeof Cluster>];
  readonly other: InstanceType<typeof Thing>;
}

/** What came of a workload with these options: created, and then no longer declared. */
interface Came {
  readonly plan: Plan;
  readonly asked: Asked | undefined;
  /** How the attempt to delete it ended: a status, or the codes of the refusal. */
  readonly deletion: string;
  readonly deleted: Asked | undefined;
}

interface Effect {
  readonly option: (around: Around) => ResourceOptions;
  readonly seen: (came: Came) => unknown;
  readonly with: unknown;
  readonly without: unknown;
}

const urn = (path: string): string => `urn:berth:dev:test::test:${path}`;
const stepFor = ({ plan }: Came, name: string) => plan.steps.find((each) => each.urn.endsWith(`:${name}`));

/** Options whose effect is not built yet. This list only gets shorter. */
const unbuilt = [
  "ignoreChanges",
  "replaceOnChanges",
  "replacementTrigger",
  "deleteBeforeReplace",
  "aliases",
  "import",
  "adopt",
  "retainOnDelete",
  "deletedWith",
  "customTimeouts",
  "additionalSecretOutputs",
  "hooks",
] as const;

type Built = Exclude<keyof ResourceOptions, (typeof unbuilt)[number]>;

/** Where each option has its effect. An option without a row does not compile, and fails below. */
const effects: { readonly [K in Built]-?: Effect } = {
  parent: {
    option: ({ other }) => ({ parent: other }),
    seen: ({ plan }) => plan.changes.find((each) => each.type === "test:Workload")?.urn,
    with: urn("Workload::other/it"),
    without: urn("Workload::it"),
  },
  dependsOn: {
    option: ({ other }) => ({ dependsOn: other }),
    seen: (came) =>
      came.plan.steps
        .find((each) => each.urn.includes("Workload"))
        ?.after.includes(stepFor(came, "other")?.id ?? -1),
    with: true,
    without: false,
  },
  protect: {
    option: () => ({ protect: true }),
    seen: ({ deletion, deleted }) => [deletion, deleted?.what],
    with: ["BERTH3001", undefined],
    without: ["succeeded", "delete things/it"],
  },
  provider: {
    option: ({ account }) => ({ provider: account }),
    seen: ({ asked, deleted }) => [asked?.configuration, deleted?.configuration],
    with: [{ number: "7" }, { number: "7" }],
    without: [undefined, undefined],
  },
  cluster: {
    option: ({ clusters }) => ({ cluster: clusters[1] }),
    seen: ({ asked, deleted }) => [asked?.cluster, deleted?.cluster],
    with: [urn("Cluster::second"), urn("Cluster::second")],
    without: [urn("Cluster::first"), urn("Cluster::first")],
  },
  silence: {
    option: () => ({ silence: ["BERTH6009"] }),
    seen: ({ plan }) => plan.problems.map((each) => each.message),
    with: [],
    without: ["looked at"],
  },
  transforms: {
    option: () => ({ transforms: ({ options }) => ({ options: { ...options, protect: true } }) }),
    seen: ({ deletion }) => deletion,
    with: "BERTH3001",
    without: "succeeded",
  },
};

async function comesOf(option: Effect["option"] | undefined): Promise<Came> {
  const cloud = new Accounts();
  const backend = memoryBackend({ project: "test" });
  const program = (isDeclared: boolean) => () => {
    const around: Around = {
      account: new Account("account", { number: "7" }),
      clusters: [new Cluster("first", { name: "first" }), new Cluster("second", { name: "second" })],
      other: new Thing("other", { name: "other" }),
    };
    if (isDeclared) new Workload("it", { name: "it" }, { cluster: around.clusters[0], ...option?.(around) });
  };
  const operation = async (isDeclared: boolean): Promise<ApplyOperation> => ({
    graph: await declare({ project: "test", stack: "dev" }, program(isDeclared)),
    definition,
    providers: () => new Map([["test", cloud]]),
    backend,
    secrets: openTestSecrets,
    plan: planStack,
  });
  const { plan, problems } = await up(await operation(true));
  expect(problems).toEqual([]);
  const deletion = await operation(false)
    .then(up)
    .then(
      ({ status }) => status,
      (error: { readonly problems: readonly { readonly code: string }[] }) =>
        error.problems.map((each) => each.code).join(),
    );
  const find = (what: string): Asked | undefined => cloud.asked.find((each) => each.what === what);
  return {
    plan,
    asked: find("create things/it"),
    deletion,
    deleted: find("delete things/it"),
  };
}

test.each(Object.entries(effects))("the option %s has its effect", async (_, effect) => {
  expect(effect.seen(await comesOf(effect.option))).toEqual(effect.with);
  expect(effect.seen(await comesOf(undefined))).toEqual(effect.without);
});

test("no option is without effect", () => {
  expect([...Object.keys(effects), ...unbuilt].toSorted()).toEqual(optionNames.toSorted());
});
