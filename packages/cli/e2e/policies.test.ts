import { expect, test } from "vitest";
import { ProjectFolder } from "./harness.ts";
import { clusterObjects } from "./local-cloud.ts";
import { webShop } from "./programs.ts";

const rules = `import type { PlanPolicy, Policy, ResourcePolicy } from "@berth/engine";

const fewReplicas: ResourcePolicy<{ most: number }> = {
  kind: "resource",
  name: "few-replicas",
  description: "No deployment has more than so many replicas.",
  level: "mandatory",
  types: ["kubernetes:Deployment"],
  configuration: { most: 5 },
  check: ({ inputs }, { most }) => {
    const { spec } = inputs as { spec: { replicas: number } };
    return spec.replicas > most
      ? { message: \`\${spec.replicas} replicas are more than \${most}\`, hint: "ask the platform team", path: "spec.replicas" }
      : undefined;
  },
};
const noDeletions: PlanPolicy = {
  kind: "plan",
  name: "no-deletions",
  description: "Nothing is deleted.",
  level: "advisory",
  check: ({ plan }) => plan.changes.filter(({ action }) => action === "delete").map(({ name }) => \`\${name} goes\`),
};
const labelled: ResourcePolicy = {
  kind: "resource",
  name: "labelled",
  description: "Services say whose they are.",
  level: "remediating",
  types: ["kubernetes:Service"],
  remediate: ({ inputs }) => {
    const { metadata } = inputs as { metadata: { labels?: object } };
    return metadata.labels ? undefined : { ...inputs, metadata: { ...metadata, labels: { team: "web" } } };
  },
};
export const policies: readonly Policy[] = [fewReplicas, noDeletions, labelled];
`;
const yaml =
  "name: test\nentry: main.ts\npolicies:\n  - module: ./rules/policies.ts\n    configuration:\n      few-replicas:\n        most: 3\n";

test("policies of a project deny, advise and mend; a denial is exit code 4, and nothing is applied", async () => {
  using project = ProjectFolder.of({ "main.ts": webShop, "rules/policies.ts": rules, "berth.yaml": yaml });
  const first = await project.succeed("up", "--yes");
  expect(first.stderr).toContain("3 policies, nothing found, 1 property changed");
  expect(first.stderr).toContain(
    'labelled changed metadata.labels of kubernetes:Service web: (none) → {"team":"web"}',
  );
  expect((await project.plan()).changes).toEqual([]);

  const before = JSON.stringify([...clusterObjects(project)]);
  project.edit("main.ts", "replicas: 2", "replicas: 4");
  for (const words of [["preview"], ["up", "--yes"]]) {
    const { code, stdout, stderr } = await project.berth(...words);
    expect(code, stderr).toBe(4);
    expect(stdout + stderr).toContain(
      "error BERTH6101 main.ts:13:1 kubernetes:Deployment web spec.replicas: few-replicas: 4 replicas are more than 3",
    );
    expect(stdout + stderr).toContain("ask the platform team");
  }
  expect(JSON.stringify([...clusterObjects(project)]) === before).toBe(true);

  project.write("main.ts", webShop.replace(/\nconst service[\s\S]*$/, "\n"));
  const removal = await project.succeed("up", "--yes");
  expect(removal.stderr).toContain("warning BERTH6102 no-deletions: web goes");
});

test("modules of policies that are wrong are refused with their place", async () => {
  using project = ProjectFolder.of({ "main.ts": webShop, "rules/policies.ts": rules, "berth.yaml": yaml });
  const refusal = async (): Promise<string> => {
    const { code, stderr } = await project.berth("preview");
    expect(code, stderr).toBe(1);
    return stderr.split("\n")[0] ?? "";
  };
  project.write("berth.yaml", yaml.replace("policies.ts", "polices.ts"));
  expect(await refusal()).toBe("error BERTH7111 berth.yaml:1:1 ./rules/polices.ts is not a file");
  project.write("berth.yaml", yaml.replace("most: 3", "more: 3"));
  expect(await refusal()).toBe('error BERTH6107 few-replicas: it has no configuration value "more"');
  project.write("berth.yaml", yaml);
  project.write("rules/policies.ts", "export const rules = [];\n");
  expect(await refusal()).toBe(
    "error BERTH7112 rules/policies.ts:1:1 ./rules/policies.ts exports no policies",
  );
  project.write("rules/policies.ts", "\nthrow new Error('no');\n");
  expect(await refusal()).toBe("error BERTH7104 rules/policies.ts:2:7 no");
  project.write("rules/policies.ts", "export const policies = [{}];\n");
  expect(await refusal()).toMatch(/^error BERTH6106 policy 1 of the list has no kind/);
});
