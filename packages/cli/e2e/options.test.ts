import { expect, test } from "vitest";
import { ProjectFolder } from "./harness.ts";
import { clusterObjects } from "./local-cloud.ts";
import { onCluster } from "./programs.ts";

/** A shop in a component, on which options are said, with more replicas each round. */
const program = (options: string, replicas: number) =>
  `import { Component, ComponentType, stackTransform } from "@berth/core";
stackTransform(({ type, inputs }) =>
  type === "kubernetes:ConfigMap" ? { inputs: { ...inputs, data: { ...inputs.data, team: "web" } } } : undefined,
);
${onCluster(`
@ComponentType("acme:Shop")
class Shop extends Component {}
const shop = new Shop("shop", {}, ${options});
new k8s.ConfigMap("settings", { data: { colour: "red" } }, { parent: shop });
new k8s.Deployment("web", {
  spec: {
    replicas: ${replicas},
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "nginx", image: "nginx:1.29", resources: { requests: { cpu: "100m" } } }] },
    },
  },
}, { parent: shop });
`)}`;

test("options of a component hold for what is inside; with each of them, up leaves nothing to do", async () => {
  using project = ProjectFolder.of({ "main.ts": program("{}", 2) });
  await project.succeed("up", "--yes");
  expect(clusterObjects(project).find(({ metadata }) => metadata.name === "settings")).toMatchObject({
    data: { colour: "red", team: "web" },
  });

  const ignoring = `{ ignoreChanges: ["spec.replicas", "spec.template.spec.containers[*].image"], customTimeouts: { update: "5m" } }`;
  project.write("main.ts", program(ignoring, 3).replace("nginx:1.29", "nginx:2.0"));
  expect((await project.plan()).changes).toEqual([]);
  project.write("main.ts", program(ignoring, 3).replace('"100m"', '"200m"'));
  expect((await project.plan()).changes).toMatchObject([
    {
      action: "update",
      properties: [
        { path: expect.stringMatching(/containers\[name=nginx\]\.resources\.requests\.cpu$/) as string },
      ],
    },
  ]);
  await project.succeed("up", "--yes");
  expect(clusterObjects(project).find(({ kind }) => kind === "Deployment")?.spec).toMatchObject({
    replicas: 2,
  });
  expect((await project.plan()).changes).toEqual([]);

  project.write(
    "main.ts",
    program(`{ replacementTrigger: "1", retainOnDelete: true }`, 2).replace('"100m"', '"200m"'),
  );
  await project.succeed("up", "--yes");
  expect((await project.plan()).changes).toEqual([]);
  project.edit("main.ts", ", retainOnDelete: true", ", deleteBeforeReplace: true");
  await project.succeed("up", "--yes");
  project.edit("main.ts", 'replacementTrigger: "1"', 'replacementTrigger: "2"');
  expect((await project.plan()).changes.map(({ action, reason }) => [action, reason.kind])).toEqual([
    ["replace", "replacement-trigger"],
    ["replace", "replacement-trigger"],
  ]);
  await project.succeed("up", "--yes");
  expect((await project.plan()).changes).toEqual([]);
});

test("a path that fits nothing inside a component is refused at its line, with the nearest name", async () => {
  using project = ProjectFolder.of({ "main.ts": program(`{ ignoreChanges: ["spec.replica"] }`, 2) });
  const { code, stderr } = await project.berth("preview");
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/main\.ts:\d+:\d+[^]*BERTH1017|BERTH1017[^]*main\.ts:\d+:\d+/),
  ]);
  expect(stderr).toContain('there is no "replica"; did you mean "replicas"?');
});

test("what exists already is taken over where the program says so", async () => {
  const declared = (options: string) =>
    onCluster(
      `new k8s.ConfigMap("settings", { metadata: { name: "coredns-custom" }, data: { colour: "red" } }, ${options});`,
    );
  using project = ProjectFolder.of({ "main.ts": declared("{}") });
  await project.succeed("up", "--yes");
  // Another stack that knows nothing of it would make it anew: here, the same one after it forgot.
  const [urn = ""] = (await project.plan()).changes.map((each) => each.urn);
  expect(urn).toBe("");
  await project.succeed("state", "rm", "kubernetes:ConfigMap::settings", "--yes");
  expect((await project.berth("up", "--yes")).stderr).toContain("BERTH5101");
  project.write("main.ts", declared("{ adopt: true }"));
  expect((await project.succeed("preview")).stdout).toContain(
    "what exists already under its name is taken over (adopt)",
  );
  project.write("main.ts", declared("{ adopt: true }").replace(`colour: "red"`, `colour: "blue"`));
  await project.succeed("up", "--yes");
  expect(clusterObjects(project).find(({ metadata }) => metadata.name === "coredns-custom")).toMatchObject({
    data: { colour: "blue" },
  });
  expect((await project.plan()).changes).toEqual([]);
});
