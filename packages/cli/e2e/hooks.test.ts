import { expect, test } from "vitest";
import { ProjectFolder } from "./harness.ts";

const program = `import * as azure from "@berth/azure";
import { hook } from "@berth/core";

const farewell = hook("farewell", async ({ id }) => { console.error("goodbye " + id.split("/").at(-1)); });
new azure.ResourceGroup("shop", { location: "westeurope" }, {
  hooks: { afterCreate: ({ name }) => console.error("welcome " + name), beforeDelete: farewell },
});
`;

test("hooks run with up, never with a preview; a deletion that calls one needs the program", async () => {
  using project = ProjectFolder.of({ "main.ts": program });
  expect((await project.succeed("preview")).stderr).not.toContain("welcome");
  expect((await project.succeed("up", "--yes")).stderr).toContain("welcome shop");

  const refused = await project.berth("destroy", "--yes");
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("BERTH6071")]);
  expect(refused.stderr).toContain('calls the hook "farewell"');
  expect((await project.succeed("stack", "show")).stdout).toContain("azure:ResourceGroup");

  expect((await project.succeed("destroy", "--yes", "--run-program")).stderr).toContain("goodbye shop");
});
