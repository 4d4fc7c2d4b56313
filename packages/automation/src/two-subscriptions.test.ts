import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as azure from "@berth/azure";
import { declare } from "@berth/core";
import { type ApplyOperation, destroy, preview, up } from "@berth/engine";
import { openLocalCloud } from "@berth/local";
import { planStack } from "@berth/planner";
import { memoryBackend, openSecrets } from "@berth/state";
import { expect, test } from "vitest";
import { providersOver } from "./cloud.ts";
import { definitionsOf } from "./definitions.ts";

const [ours, theirs, third] = [1, 2, 3].map((digit) => `00000000-0000-4000-8000-00000000000${digit}`);

/** A store in the stack's own subscription, and the same beside it in another one. */
const sideBySide =
  ({ subscriptionId = theirs ?? "", name = "other" } = {}) =>
  () => {
    const location = "westeurope";
    const other = new azure.Provider(name, { subscriptionId });
    for (const [suffix, options] of [
      ["here", {}],
      ["there", { provider: other }],
    ] as const) {
      const group = new azure.ResourceGroup(suffix, { name: "store", location }, options);
      const cluster = new azure.ManagedCluster(
        `cluster-${suffix}`,
        {
          name: "store",
          resourceGroupName: group.name,
          location,
          kubernetesVersion: "1.36",
          systemPool: { vmSize: "Standard_D2s_v5", count: 1 },
        },
        options,
      );
      new azure.NodePool(
        `pool-${suffix}`,
        { name: "user", cluster, vmSize: "Standard_D4s_v5", count: 1 },
        { parent: cluster },
      );
    }
  };

test("two subscriptions side by side: preview, up, nothing to do, a move, destroy", async () => {
  const cloud = await openLocalCloud({ memory: true });
  const backend = memoryBackend({ project: "shop" });
  const keyFile = join(await mkdtemp(join(tmpdir(), "berth-subscriptions-")), "secrets.key");
  const operation = async (program: () => unknown): Promise<ApplyOperation> => {
    const graph = await declare({ project: "shop", stack: "dev" }, program);
    return {
      graph,
      definition: definitionsOf(graph),
      providers: providersOver(cloud.transport, ours ?? ""),
      backend,
      secrets: (recorded) => openSecrets({ recorded, passphrase: undefined, keyFile }),
      plan: planStack,
    };
  };
  const changes = async (program: () => unknown): Promise<readonly string[]> =>
    (await preview(await operation(program))).plan.changes
      .map(({ action, name, reason }) => `${action} ${name}: ${reason.kind}`)
      .toSorted();
  const groupsOf = async (subscription: string | undefined): Promise<readonly string[]> => {
    const url = `https://management.azure.com/subscriptions/${subscription}/resourceGroups?api-version=2025-04-01`;
    const { value } = (await (await cloud.transport(new Request(url))).json()) as {
      readonly value: readonly { readonly name: string }[];
    };
    return value.map((each) => each.name).filter((each) => !each.startsWith("MC_"));
  };

  expect(await changes(sideBySide())).toHaveLength(7);
  const made = await up(await operation(sideBySide()));
  expect([made.problems, made.status]).toEqual([[], "succeeded"]);
  const subscriptions = (await backend.read("dev")).resources
    .filter((each) => each.type !== "azure:Provider")
    .map(({ urn, id }) => [urn.split("::").at(-1)?.split("-").at(-1), id.split("/")[2]]);
  expect(subscriptions).toHaveLength(6);
  for (const [where, subscription] of subscriptions)
    expect(subscription).toBe(where === "here" ? ours : theirs);
  expect([await groupsOf(ours), await groupsOf(theirs)]).toEqual([["store"], ["store"]]);
  expect(await changes(sideBySide())).toEqual([]);

  // The provider under another name is bookkeeping.
  expect((await up(await operation(sideBySide({ name: "renamed" })))).problems).toEqual([]);
  expect(await changes(sideBySide({ name: "renamed" }))).toEqual([]);

  const moved = sideBySide({ name: "renamed", subscriptionId: third ?? "" });
  expect(await changes(moved)).toEqual([
    "replace cluster-there: provider-replaced",
    "replace pool-there: provider-replaced",
    "replace renamed: cannot-update",
    "replace there: provider-replaced",
  ]);
  expect((await up(await operation(moved))).problems).toEqual([]);
  expect(await Promise.all([ours, theirs, third].map(groupsOf))).toEqual([["store"], [], ["store"]]);
  expect(await changes(moved)).toEqual([]);

  const gone = await destroy(await operation(() => undefined));
  expect([gone.problems, gone.status]).toEqual([[], "succeeded"]);
  expect(await Promise.all([ours, theirs, third].map(groupsOf))).toEqual([[], [], []]);
  expect((await backend.read("dev")).resources).toEqual([]);
  await cloud.close();
});
