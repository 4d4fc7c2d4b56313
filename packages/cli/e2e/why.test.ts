import type { Explanation, Plan } from "@berth/automation";
import { expect, test } from "vitest";
import { ProjectFolder } from "./harness.ts";
import { webShop } from "./programs.ts";

function podsOf(plan: Plan) {
  const groups = plan.clusters.flatMap((each) => each.placement).filter((each) => !each.system);
  return groups.flatMap(({ pods, ...group }) => pods.map((pod) => ({ pod, ...group })));
}

test("berth why says of each pod what the preview says, before and after up, and changes nothing", async () => {
  using project = ProjectFolder.of({ "main.ts": webShop });
  const ask = async (...words: readonly string[]): Promise<Explanation> =>
    JSON.parse((await project.succeed("why", ...words, "--json")).stdout);
  const planned = podsOf(await project.plan());
  expect(planned.length).toBe(2);
  for (const { pod, node, why } of planned) {
    const said = await ask(pod);
    expect(said).toMatchObject({ pod, node, why, fate: "new" });
    expect(said.nodes.filter((each) => each.chosen).map((each) => each.node)).toEqual([node]);
  }
  await project.succeed("up", "--yes");
  const before = project.bytes();
  for (const { pod, node } of podsOf(await project.plan())) {
    expect(await ask(pod, node)).toMatchObject({ pod, node, fate: "stays", nodes: [] });
  }
  expect(project.bytes()).toEqual(before);
});

test("berth why prints the table, one node in detail, and the nearest name of what is not there", async () => {
  using project = ProjectFolder.of({ "main.ts": webShop });
  const table = await project.succeed("why", "web#1");
  expect(table.stdout).toContain("→ system#");
  expect(table.stdout).toContain("NodeResourcesFit");
  const detail = await project.succeed("why", "web#1", "system#2");
  expect(detail.stdout).toMatch(/cpu +100m/);
  const pod = await project.berth("why", "wbe#1");
  expect([pod.code, pod.stdout, pod.stderr]).toEqual([
    1,
    "",
    expect.stringContaining('error BERTH3204 there is no pod "wbe#1"\n  did you mean web#1?'),
  ]);
  const node = await project.berth("why", "web#1", "sytem#1");
  expect([node.code, node.stderr]).toEqual([1, expect.stringContaining("error BERTH3206")]);
});
