import { expect, test } from "vitest";
import { ProjectFolder } from "./harness.ts";
import { onCluster } from "./programs.ts";

const map = (name: string, namespace = "default"): string =>
  `new k8s.ConfigMap("${name}", { metadata: { name: "${name}", namespace: "${namespace}" }, data: { a: "b" } });\n`;

test("after a failure all that does not need what failed is done, and the rest is named", async () => {
  // Its namespace is not there: the API server refuses it.
  const program = onCluster(
    `${map("a")}const lost = ${map("lost", "nowhere")}new k8s.ConfigMap("needs-lost", { data: { a: "b" } }, { dependsOn: lost });\n${map("z")}`,
  );
  using project = ProjectFolder.of({ "main.ts": program });
  const stopped = await project.berth("up", "--yes", "--parallel", "1");
  expect([stopped.code, stopped.stderr]).toEqual([
    1,
    expect.stringMatching(/Failed: \d of 6 steps are done, 2 were not started/),
  ]);

  const wentOn = await project.berth("up", "--yes", "--continue-on-error", "--message", "mend the maps");
  expect(wentOn.code).toBe(1);
  expect(wentOn.stderr).toContain("not started: create of needs-lost, which needs what failed: lost");
  expect(wentOn.stderr).toContain("1 were not started");
  const shown = await project.succeed("stack", "show");
  expect(shown.stderr).toContain("last berth up: mend the maps");
  expect(shown.stdout).toMatch(/kubernetes:ConfigMap\s+z /);

  project.edit("main.ts", "nowhere", "default");
  await project.succeed("up", "--yes");
  expect((await project.plan()).steps).toEqual([]);
  const wrong = await project.berth("up", "--parallel", "0");
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("BERTH8001")]);
});
