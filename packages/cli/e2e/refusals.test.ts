import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProjectFolder } from "./harness.ts";
import { onCluster, webShop } from "./programs.ts";

/** What is wrong is said with its code and its place, by preview and up alike, and not a byte changes. */
let applied: ProjectFolder;
beforeAll(async () => {
  applied = ProjectFolder.of({ "main.ts": webShop });
  await applied.succeed("up", "--yes");
});
afterAll(() => applied[Symbol.dispose]());

/** What preview and up say to this program in a project that was applied before. */
async function refusal(program: string): Promise<string> {
  using project = ProjectFolder.copy(applied.path);
  project.write("main.ts", program);
  const before = project.bytes();
  expect(before.size).toBeGreaterThan(1);
  const [preview, up] = [await project.berth("preview"), await project.berth("up", "--yes")];
  expect(preview.code, preview.stderr).toBe(1);
  expect(up.code, up.stderr).toBe(1);
  expect(project.bytes()).toEqual(before);
  expect(linesWithCodes(up.stdout + up.stderr)).toEqual(linesWithCodes(preview.stdout + preview.stderr));
  return linesWithCodes(up.stdout + up.stderr);
}

/** Problems with their ways out, without what surrounds them. */
function linesWithCodes(text: string): string {
  const lines = text.split("\n").map((line) => line.trimEnd());
  const kept = lines.filter(
    (line, index) =>
      /(error|warning) BERTH\d/.test(line) ||
      (line.startsWith("  ") && /(error|warning) BERTH\d/.test(lines[index - 1] ?? "")),
  );
  return kept.map((line) => line.trim()).join("\n");
}

/** The applied program with one place changed. */
function changed(from: string, to: string): string {
  const parts = webShop.split(from);
  if (parts.length !== 2) throw new Error(`${parts.length - 1} places for ${JSON.stringify(from)}`);
  return parts.join(to);
}

describe("a program is refused for", () => {
  test("a misspelt property", async () => {
    expect(await refusal(changed("kubernetesVersion:", "kubernetesVersoin:"))).toMatchInlineSnapshot(`
      "error BERTH1003 main.ts:6:17 azure:ManagedCluster shop kubernetesVersion: "kubernetesVersion" is missing
      error BERTH1002 main.ts:6:17 azure:ManagedCluster shop kubernetesVersoin: there is no property "kubernetesVersoin"
      did you mean "kubernetesVersion"?"
    `);
  });

  test("a misspelt property deep inside a pod spec", async () => {
    expect(await refusal(changed("containerPort: 80", "containerPorts: 80"))).toMatchInlineSnapshot(`
      "error BERTH2007 main.ts:13:1 kubernetes:Deployment web spec.template.spec.containers[0].ports[0].containerPort: "containerPort" is required
      error BERTH2005 main.ts:13:1 kubernetes:Deployment web spec.template.spec.containers[0].ports[0].containerPorts: unknown field "containerPorts"
      did you mean "containerPort"?"
    `);
  });

  test("a wrong type", async () => {
    expect(await refusal(changed("replicas: 2", 'replicas: "two"'))).toMatchInlineSnapshot(
      `"error BERTH2006 main.ts:13:1 kubernetes:Deployment web spec.replicas: expected an integer, not "two""`,
    );
  });

  test("an unknown VM size, with the nearest named", async () => {
    expect(await refusal(changed("Standard_D2s_v5", "Standard_D2_sv5"))).toMatchInlineSnapshot(`
      "error BERTH5301 main.ts:6:17 azure:ManagedCluster shop systemPool.vmSize: the catalogue has no VM size "Standard_D2_sv5"
      did you mean "Standard_D2s_v5"?"
    `);
  });

  test("an output used as a string", async () => {
    expect(await refusal(changed('image: "nginx:1.29"', "image: `nginx:${group.name}`")))
      .toMatchInlineSnapshot(`
      "error BERTH1009 main.ts:23:35 the output shop.name cannot be used as text or as a number: its value is known only after the program has run
      build text with text\`…\${output}…\`, compute with output.apply(value => …), or pass the output on as it is"
    `);
  });

  test("an output that is branched on", async () => {
    expect(await refusal(changed("replicas: 2", "replicas: +cluster.name"))).toMatchInlineSnapshot(`
      "error BERTH1009 main.ts:15:15 the output shop.name cannot be used as text or as a number: its value is known only after the program has run
      build text with text\`…\${output}…\`, compute with output.apply(value => …), or pass the output on as it is"
    `);
  });

  test("a cycle", async () => {
    const program = `import { Component, ComponentType } from "@berth/core";\n${onCluster(`
@ComponentType("test:Shop")
class Shop extends Component {}

const shop = new Shop("shop", {});
const settings = new k8s.ConfigMap("settings", { data: {} }, { dependsOn: shop });
new k8s.ConfigMap("front", { data: {} }, { parent: shop, dependsOn: settings });
`)}`;
    expect(await refusal(program)).toMatchInlineSnapshot(
      `"error BERTH1015 main.ts:18:18 kubernetes:ConfigMap settings settings → shop/front → settings: kubernetes:ConfigMap "settings" (main.ts:18:18) needs kubernetes:ConfigMap "shop/front" (main.ts:19:1) (dependsOn test:Shop "shop"); kubernetes:ConfigMap "shop/front" (main.ts:19:1) needs kubernetes:ConfigMap "settings" (main.ts:18:18) (dependsOn)"`,
    );
  });

  test("a resource declared inside apply", async () => {
    const program = changed(
      'image: "nginx:1.29"',
      "image: group.name.apply((name) => {\n              new k8s.ConfigMap(name, { data: {} });\n              return name;\n            })",
    );
    expect(await refusal(program)).toMatchInlineSnapshot(
      `"error BERTH1008 main.ts:24:15 kubernetes:Deployment web new ConfigMap(…) inside a callback of apply"`,
    );
  });

  test("a resource declared inside an apply whose result nobody uses", async () => {
    const program = changed(
      "export const address",
      "group.name.apply((name) => new k8s.ConfigMap(name, { data: {} }));\nexport const address",
    );
    expect(await refusal(program)).toMatchInlineSnapshot(
      `"error BERTH1008 main.ts:37:28 new ConfigMap(…) inside a callback of apply"`,
    );
  });

  test("a service that selects nothing", async () => {
    expect(await refusal(changed('selector: { app: "web" }, ports', 'selector: { app: "wbe" }, ports')))
      .toMatchInlineSnapshot(`
      "error BERTH3101 main.ts:33:17 kubernetes:Service web spec.selector: no pod in namespace default has the labels app=wbe
      Deployment web has app=web"
    `);
  });

  test("a named target port that no container has", async () => {
    expect(await refusal(changed('targetPort: "http"', 'targetPort: "htpp"'))).toMatchInlineSnapshot(`
      "error BERTH3102 main.ts:33:17 kubernetes:Service web spec.ports[0].targetPort: no container of Deployment web has a TCP port named "htpp"
      did you mean "http"?"
    `);
  });

  test("everything at once, not the first of it", async () => {
    const program = changed("replicas: 2", 'replicas: "two"')
      .replace("kubernetesVersion:", "kubernetesVersoin:")
      .replace("Standard_D2s_v5", "Standard_D2_sv5");
    expect((await refusal(program)).match(/BERTH\d{4}/g)?.toSorted()).toMatchInlineSnapshot(`
      [
        "BERTH1002",
        "BERTH1003",
        "BERTH2006",
        "BERTH5301",
      ]
    `);
  });
});

describe("what is no mistake of the whole stack is a warning, and both can be silenced", () => {
  async function previewed(program: string): Promise<{ code: number | null; problems: string }> {
    using project = ProjectFolder.of({ "main.ts": program });
    const { code, stdout, stderr } = await project.berth("preview");
    return { code, problems: linesWithCodes(stdout + stderr) };
  }
  const silencing = (code: string) => (program: string) =>
    program.replace("targetPort: 9 }] },\n}", `targetPort: 9 }] },\n}, { silence: ["${code}"] }`);

  test("a numeric target port that no container declares", async () => {
    const program = changed('targetPort: "http"', "targetPort: 9");
    expect(await previewed(program)).toMatchInlineSnapshot(`
      {
        "code": 0,
        "problems": "warning BERTH3103 main.ts:33:17 kubernetes:Service web spec.ports[0].targetPort: no container of Deployment web declares TCP port 9
      declared: 80",
      }
    `);
    expect(await previewed(silencing("BERTH3103")(program))).toEqual({ code: 0, problems: "" });
    expect((await previewed(silencing("BERTH3101")(program))).problems).toContain("BERTH3103");
  });

  test("a service that selects nothing, where that is meant", async () => {
    const program = changed(
      'selector: { app: "web" }, ports: [{ port: 80, targetPort: "http" }] },\n}',
      'selector: { app: "later" }, ports: [{ port: 80, targetPort: "http" }] },\n}, { silence: ["BERTH3101"] }',
    );
    expect(await previewed(program)).toEqual({ code: 0, problems: "" });
  });

  test("a named target port, where that is meant", async () => {
    const program = changed(
      'targetPort: "http" }] },\n}',
      'targetPort: "later" }] },\n}, { silence: ["BERTH3102"] }',
    );
    expect(await previewed(program)).toEqual({ code: 0, problems: "" });
  });
});
