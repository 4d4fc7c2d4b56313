import * as azure from "@berth/azure";
import { expect, test } from "vitest";
import { inlineProject } from "./inline-project.ts";

test("nodes of a pool that is replaced go as what they were, and come as what they will be", async () => {
  let vmSize = "Standard_D4s_v5";
  const project = inlineProject({
    name: "shop",
    program: () => {
      const location = "westeurope";
      const group = new azure.ResourceGroup("shop", { location });
      const cluster = new azure.ManagedCluster("shop", {
        resourceGroupName: group.name,
        location,
        kubernetesVersion: "1.36",
        systemPool: { vmSize: "Standard_D2s_v5", count: 2 },
      });
      new azure.NodePool("user", { cluster, vmSize, count: 1 });
    },
  });
  await project.stack("dev").up();
  vmSize = "Standard_D4as_v5";
  const { plan } = await project.stack("dev").preview();
  const users = plan.clusters[0]?.nodes.filter((each) => each.pool === "user");
  expect(users?.map(({ change, shape }) => [change, shape])).toEqual([
    ["new", "Standard_D4as_v5"],
    ["gone", "Standard_D4s_v5"],
  ]);
});
