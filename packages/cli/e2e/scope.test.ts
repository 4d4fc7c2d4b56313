import { expect, test } from "vitest";
import { ProjectFolder } from "./harness.ts";
import { webShop } from "./programs.ts";

test("a part of the stack is planned, applied and destroyed; the rest stays as it is", async () => {
  using project = ProjectFolder.of({ "main.ts": webShop });
  const first = await project.succeed("up", "--yes", "--target", "kubernetes:Deployment::web");
  expect(first.stderr).toContain(
    "only 3 of 4 resources were planned: --target kubernetes:Deployment::web; everything else stays as it is recorded",
  );
  expect((await project.berth("up", "--expect-no-changes")).code).toBe(2);
  await project.succeed("up", "--yes");

  project.edit("main.ts", "replicas: 2", "replicas: 3");
  project.edit("main.ts", "port: 80, targetPort", "port: 81, targetPort");
  const plan = await project.plan("--exclude", "kubernetes:Service::*");
  expect(plan.changes.map(({ name, type }) => `${type} ${name}`)).toEqual(["kubernetes:Deployment web"]);
  expect(plan.clusters[0]?.services).toMatchObject([{ service: "default/web", ports: [{ port: 80 }] }]);
  await project.succeed("up", "--yes", "--exclude", "kubernetes:Service::*");
  expect((await project.plan()).changes.map(({ type }) => type)).toEqual(["kubernetes:Service"]);

  const unexpected = await project.berth("preview", "--expect-no-changes");
  expect([unexpected.code, unexpected.stderr]).toEqual([2, expect.stringContaining("BERTH8006")]);
  expect(
    (await project.berth("preview", "--expect-no-changes", "--target", "kubernetes:Deployment::*")).code,
  ).toBe(0);

  const unknown = await project.berth("up", "--yes", "--target", "wob");
  expect([unknown.code, unknown.stderr]).toEqual([
    1,
    expect.stringMatching(/BERTH3080[^]*did you mean web\?/),
  ]);

  await project.succeed("destroy", "--yes", "--target", "kubernetes:Deployment::web", "--parallel", "1");
  const { stdout } = await project.succeed("stack", "show");
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split(/\s+/)[0]),
  ).toEqual(["azure:ResourceGroup", "azure:ManagedCluster", "kubernetes:Service"]);
});
