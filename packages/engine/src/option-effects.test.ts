import {
  Component,
  ComponentType,
  declare,
  Hook,
  isEncryptedValue,
  optionNames,
  type ResourceOptions,
  type ResourceRecord,
} from "@berth/core";
import { type Plan, planStack } from "@berth/planner";
import type { BerthError } from "@berth/diagnostics";
import { memoryBackend } from "@berth/state";
import { describe, expect, test } from "vitest";
import { Account, Accounts, type Asked, Cluster, definition, Workload } from "./fixtures/accounts.ts";
import { openTestSecrets } from "./fixtures/stack.ts";
import { Thing } from "./fixtures/thing.ts";
import type { ApplyOperation } from "./operation.ts";
import { preview } from "./preview.ts";
import { up } from "./up.ts";

@ComponentType("test:Box")
class Box extends Component {}

/** What options may refer to. */
interface Around {
  readonly account: InstanceType<typeof Account>;
  readonly clusters: readonly [InstanceType<typeof Cluster>, InstanceType<typeof Cluster>];
  readonly other: InstanceType<typeof Thing>;
  /** 1 when it is created, 2 when it is changed. */
  readonly round: number;
  /** Tells that something was called. */
  readonly call: (what: string) => void;
}

type Inputs = ConstructorParameters<typeof Workload>[1];

/** The life of a workload with an option: created, changed, and then no longer declared. */
interface Came {
  /** Of the creation; of the refusal, where it was refused. */
  readonly plan: Plan;
  /** Why it was not created. */
  readonly refusal: string;
  readonly asked: Asked | undefined;
  readonly record: ResourceRecord | undefined;
  /** What is planned for it when it is changed: action, and which comes first in a replacement. */
  readonly changed: string;
  /** How the attempt to delete it ended: a status, or the codes of the refusal. */
  readonly deletion: string;
  readonly deleted: Asked | undefined;
  readonly called: readonly string[];
}

interface Effect {
  readonly option: (around: Around) => ResourceOptions;
  readonly seen: (came: Came) => unknown;
  readonly with: unknown;
  readonly without: unknown;
  /** Where the effect is not the same, said of a component: what it is, or why it is refused there. */
  readonly onComponent?: unknown;
  /** How it is declared when it is created, and when it is changed. */
  readonly rounds?: readonly [InRound, InRound];
  /** Something exists already under its name. */
  readonly exists?: true;
  /** What the options refer to goes with it. */
  readonly otherGoes?: true;
}

interface InRound {
  /** Logical name of the resource, or of the component around it. */
  readonly named?: string;
  readonly inputs?: Partial<Inputs>;
}

const urn = (path: string): string => `urn:berth:dev:test::test:${path}`;
const stepFor = ({ plan }: Came, name: string) => plan.steps.find((each) => each.urn.endsWith(`:${name}`));
const value = (from: string, to: string): readonly [InRound, InRound] => [
  { inputs: { value: from } },
  { inputs: { value: to } },
];

/** Where each option has its effect. An option without a row does not compile, and fails below. */
const effects: { readonly [K in keyof ResourceOptions]-?: Effect } = {
  parent: {
    option: ({ other }) => ({ parent: other }),
    seen: ({ record }) => record?.urn,
    with: urn("Workload::other/it"),
    without: urn("Workload::it"),
    onComponent: urn("Workload::other/box/it"),
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
  ignoreChanges: {
    option: () => ({ ignoreChanges: ["value"] }),
    rounds: value("1", "2"),
    seen: ({ changed }) => changed,
    with: "nothing",
    without: "update",
  },
  replaceOnChanges: {
    option: () => ({ replaceOnChanges: ["value"] }),
    rounds: value("1", "2"),
    seen: ({ changed }) => changed,
    with: "replace, delete-first",
    without: "update",
  },
  replacementTrigger: {
    option: ({ round }) => ({ replacementTrigger: { round } }),
    rounds: value("1", "2"),
    seen: ({ changed }) => changed,
    with: "replace, delete-first",
    without: "update",
  },
  deleteBeforeReplace: {
    option: () => ({ deleteBeforeReplace: true }),
    rounds: [{ inputs: { name: "it", fixed: "1" } }, { inputs: { name: "that", fixed: "2" } }],
    seen: ({ changed }) => changed,
    with: "replace, delete-first",
    without: "replace, create-first",
  },
  aliases: {
    option: () => ({ aliases: ["before"] }),
    rounds: [{ named: "before" }, {}],
    seen: ({ changed }) => changed,
    with: "move, alias",
    without: "move, content",
  },
  import: {
    option: () => ({ import: "things/it" }),
    exists: true,
    seen: ({ refusal, plan, record }) => [refusal, plan.summary.import, record?.id],
    with: ["", 1, "things/it"],
    without: ["BERTH6990", undefined, undefined],
    onComponent: ["BERTH1017", undefined, undefined],
  },
  adopt: {
    option: () => ({ adopt: true }),
    exists: true,
    seen: ({ refusal, record }) => [refusal, record?.id],
    with: ["", "things/it"],
    without: ["BERTH6990", undefined],
    onComponent: ["BERTH1017", undefined],
  },
  retainOnDelete: {
    option: () => ({ retainOnDelete: true }),
    seen: ({ deletion, deleted }) => [deletion, deleted?.what],
    with: ["succeeded", undefined],
    without: ["succeeded", "delete things/it"],
  },
  deletedWith: {
    option: ({ other }) => ({ deletedWith: other }),
    otherGoes: true,
    seen: ({ deletion, deleted }) => [deletion, deleted?.what],
    with: ["succeeded", undefined],
    without: ["succeeded", "delete things/it"],
  },
  customTimeouts: {
    option: () => ({ customTimeouts: { create: 7, delete: "1m" } }),
    seen: ({ asked, deleted }) => [asked?.timeout, deleted?.timeout],
    with: [7, 60],
    without: [undefined, undefined],
  },
  additionalSecretOutputs: {
    option: () => ({ additionalSecretOutputs: ["version"] }),
    seen: ({ record }) => isEncryptedValue(record?.outputs["version"]),
    with: true,
    without: false,
  },
  transforms: {
    option: () => ({ transforms: ({ options }) => ({ options: { ...options, protect: true } }) }),
    seen: ({ deletion }) => deletion,
    with: "BERTH3001",
    without: "succeeded",
  },
  hooks: {
    option: ({ call }) => ({
      hooks: { afterCreate: () => call("created"), beforeDelete: new Hook("bye", () => call("deleted")) },
    }),
    seen: ({ called, deletion }) => [called, deletion],
    with: [["created"], "BERTH6071"],
    without: [[], "succeeded"],
  },
};

type Where = "on the resource" | "on its component" | "nowhere";

/** Lives through it all. */
async function comesOf(
  { option, rounds = [{}, {}], exists, otherGoes }: Effect,
  where: Where,
): Promise<Came> {
  const cloud = new Accounts();
  const backend = memoryBackend({ project: "test" });
  const called: string[] = [];
  const program = (round: 1 | 2 | 3) => () => {
    if (round === 3 && otherGoes) return;
    const around: Around = {
      account: new Account("account", { number: "7" }),
      clusters: [new Cluster("first", { name: "first" }), new Cluster("second", { name: "second" })],
      other: new Thing("other", { name: "other" }),
      round,
      call: (what) => called.push(what),
    };
    if (round === 3) return;
    const { named, inputs } = rounds[round - 1] ?? {};
    const [cluster] = around.clusters;
    const options = where === "nowhere" || named === "before" ? {} : option(around);
    const given = { name: "it", ...inputs };
    if (where !== "on its component") new Workload(named ?? "it", given, { cluster, ...options });
    else new Workload("it", given, { parent: new Box(named ?? "box", {}, { cluster, ...options }) });
  };
  const operation = async (round: 1 | 2 | 3): Promise<ApplyOperation> => ({
    graph: await declare({ project: "test", stack: "dev" }, program(round)),
    definition,
    providers: () => new Map([["test", cloud]]),
    backend,
    secrets: openTestSecrets,
    plan: planStack,
  });
  const find = (what: string): Asked | undefined => cloud.asked.find((each) => each.what === what);
  const isWorkload = (each: { readonly type: string }): boolean => each.type === "test:Workload";

  if (exists) await cloud.make("it");
  const first = await operation(1)
    .then(async (each) => ({ plan: (await preview(each)).plan, result: await up(each) }))
    .catch(codesOf);
  if (typeof first === "string") return { ...nothing, refusal: first };
  const refusal = first.result.problems.map((each) => each.code).join();
  const record = (await backend.read("dev")).resources.find(isWorkload);
  const { plan: second } = await preview(await operation(2));
  const change = second.changes.find(isWorkload);
  const deletion = await operation(3)
    .then(up)
    .then(({ status }) => status, codesOf);
  return {
    plan: first.plan,
    refusal,
    asked: find("create things/it"),
    record,
    changed: change ? wordsOf(change) : "nothing",
    deletion,
    deleted: find("delete things/it"),
    called,
  };
}

const nothing: Omit<Came, "refusal" | "plan"> & { readonly plan: Plan } = {
  plan: planStack({
    operation: "up",
    graph: await declare({ project: "test", stack: "dev" }, () => undefined),
    recorded: { project: "test", stack: "dev", serial: 0, resources: [], outputs: {}, pending: [] },
    observed: new Map(),
    definition,
  }).plan,
  asked: undefined,
  record: undefined,
  changed: "",
  deletion: "",
  deleted: undefined,
  called: [],
};

/** Action, which comes first in a replacement, how a move was found. */
function wordsOf({ action, replacement, reason }: Plan["changes"][number]): string {
  const by = reason.kind === "moved" ? reason.by : undefined;
  return [action, replacement, by].filter((each) => each !== undefined).join(", ");
}

function codesOf(error: BerthError): string {
  const errors = error.problems.filter((each) => each.severity === "error");
  return errors.map((each) => each.code).join();
}

describe.each(Object.entries(effects))("the option %s", (_, effect) => {
  test("has its effect", async () => {
    expect(effect.seen(await comesOf(effect, "on the resource"))).toEqual(effect.with);
  });

  test("on a component has it for what is inside, or is refused", async () => {
    const { onComponent = effect.with } = effect;
    expect(effect.seen(await comesOf(effect, "on its component"))).toEqual(onComponent);
  });

  test("makes the difference", async () => {
    expect(effect.seen(await comesOf(effect, "nowhere"))).toEqual(effect.without);
  });
});

test("no option is without effect", () => {
  expect(Object.keys(effects).toSorted()).toEqual(optionNames.toSorted());
});
