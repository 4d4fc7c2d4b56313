import { Config, currentStack, defineResource, secret, StackReference } from "@berth/core";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { inlineProject, type InlineProgram } from "./inline-project.ts";
import { openProject } from "./project.ts";

const folder = mkdtempSync(join(tmpdir(), "berth-references-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One project: `network` has outputs, every other stack refers to it. */
function shop(
  refer: () => object,
  network: () => object = () => ({ subnet: "10.0.0.0/24", token: secret("the-token") }),
) {
  const program: InlineProgram = () => (currentStack().stack === "network" ? network() : refer());
  return inlineProject({ name: "shop", program });
}

describe("a reference to another stack", () => {
  test("reads its outputs before anything is planned, secrets as secrets", async () => {
    const project = shop(() => {
      const network = new StackReference<{ subnet: string; token: string; none?: string }>("network", {
        stack: "network",
      });
      return {
        subnet: network.requireOutput("subnet"),
        token: network.getOutput("token"),
        host: network.getOutput("subnet").apply((range) => range.replace("0/24", "7")),
        none: network.getOutput("none"),
      };
    });
    await project.stack("network").up();
    const { plan } = await project.stack("web").preview();
    expect(plan.problems).toEqual([]);
    expect(plan.changes.map(({ action, type, reason }) => [action, type, reason])).toEqual([
      ["read", "berth:StackReference", { kind: "reads", id: "network" }],
    ]);
    const result = await project.stack("web").up();
    expect([result.status, result.problems]).toEqual(["succeeded", []]);
    expect(await project.stack("web").outputs({ showSecrets: true })).toEqual({
      subnet: "10.0.0.0/24",
      token: "the-token",
      host: "10.0.0.7",
    });
    expect(JSON.stringify(await project.stack("web").state())).not.toContain("the-token");
    expect((await project.stack("web").preview()).plan.changes).toEqual([]);
    expect((await project.stack("web").preview({ offline: true })).plan.changes).toEqual([]);
    expect((await project.stack("web").destroy()).status).toBe("succeeded");
    expect((await project.stack("web").state()).resources).toEqual([]);
    expect(await project.stack("network").outputs()).toHaveProperty("subnet");
  });

  test("follows what the other stack has", async () => {
    let range = "10.0.0.0/24";
    const project = shop(
      () => ({ subnet: new StackReference("network", { stack: "network" }).getOutput("subnet") }),
      () => ({ subnet: range }),
    );
    await project.stack("network").up();
    await project.stack("web").up();
    range = "10.1.0.0/24";
    await project.stack("network").up();
    const { plan } = await project.stack("web").preview();
    expect(plan.outputs).toMatchObject([{ name: "subnet", action: "update", after: range }]);
    await project.stack("web").up();
    expect(await project.stack("web").outputs()).toEqual({ subnet: range });
  });

  test("says at its line what is not there, with the nearest name", async () => {
    const project = shop(() => ({
      wrong: new StackReference("network", { stack: "network" }).requireOutput("subnit"),
    }));
    const before = await project.stack("web").preview();
    expect(before.plan.problems).toMatchObject([
      {
        code: "BERTH3052",
        site: { line: expect.any(Number) },
        message: expect.stringContaining("no network"),
      },
    ]);
    await project.stack("network").up();
    const { plan } = await project.stack("web").preview();
    expect(plan.problems).toMatchObject([
      {
        code: "BERTH1046",
        hint: 'did you mean "subnet"?',
        site: { file: expect.stringContaining("stack-references.test.ts") },
      },
    ]);
  });

  test("may go both ways, and to itself: it only reads", async () => {
    const project = inlineProject({
      name: "shop",
      config: { other: "b" },
      program: () => {
        const other = new Config().require("other");
        const known = currentStack().stack === "a" ? other : "a";
        return {
          mine: currentStack().stack,
          theirs: new StackReference("other", { stack: known }).getOutput("mine"),
        };
      },
    });
    // The first one has nobody to refer to yet.
    await expect(project.stack("a").up()).rejects.toMatchObject({ problems: [{ code: "BERTH3052" }] });
    const alone = inlineProject({ name: "shop", backend: project.backend, program: () => ({ mine: "b" }) });
    await alone.stack("b").up();
    await project.stack("a").up();
    await project.stack("b").up();
    expect(await project.stack("b").outputs()).toEqual({ mine: "b", theirs: "a" });
  });

  test("is refused where it says no stack", async () => {
    const project = shop(() => ({ bad: new StackReference("network", { stack: 7 } as never).names }));
    await expect(project.stack("web").preview()).rejects.toMatchObject({ problems: [{ code: "BERTH1045" }] });
  });
});

test("of another project is found by its folder; without its key, what was read before is known", async () => {
  const other = join(folder, "network");
  mkdirSync(other);
  writeFileSync(join(other, "berth.yaml"), "name: network\nentry: main.mjs\n");
  writeFileSync(join(other, "main.mjs"), "export const subnet = '10.2.0.0/24';\n");
  await (await openProject({ cwd: other })).stack("prod").up();
  const project = inlineProject({
    name: "shop",
    directory: join(folder, "shop"),
    program: () => ({
      subnet: new StackReference("network", { stack: "prod", project: "../network" }).getOutput("subnet"),
    }),
  });
  expect((await project.stack("dev").up()).outputs).toEqual({ subnet: "10.2.0.0/24" });
  rmSync(other, { recursive: true });
  const { plan } = await project.stack("dev").preview();
  expect(plan.problems).toMatchObject([{ code: "BERTH6030", severity: "warning" }]);
  expect([plan.changes, plan.outputs.map((each) => each.action)]).toEqual([[], ["no-op"]]);
});

test("what depends on a secret of another stack is as secret", async () => {
  const Login = defineResource<{ password: string }>({
    type: "test:Login",
    provider: "test",
    inputs: { password: { type: "string" } },
  });
  const project = shop(() => {
    new Login("login", {
      password: new StackReference<{ token: string }>("n", { stack: "network" }).getOutput("token"),
    });
    return {};
  });
  await project.stack("network").up();
  const { plan } = await project.stack("web").preview();
  expect(plan.changes.find((each) => each.name === "login")?.after).toEqual({
    password: { $berth: "secret" },
  });
});
