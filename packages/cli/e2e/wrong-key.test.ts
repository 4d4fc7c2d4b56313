import { afterAll, beforeAll, expect, test } from "vitest";
import { ProjectFolder } from "./harness.ts";
import { onCluster } from "./programs.ts";

const program = onCluster(`
import { secret } from "@berth/core";
new k8s.ConfigMap("token", { data: { token: secret("a-marker-in-a-secret") } });
`);

let project: ProjectFolder;
beforeAll(() => {
  project = ProjectFolder.of({ "main.ts": program });
});
afterAll(() => project[Symbol.dispose]());

test("another passphrase, or a key file that was changed, is said to be wrong, by whatever reads secrets", async () => {
  const right = { env: { BERTH_PASSPHRASE: "right" } };
  expect(await project.run(["up", "--yes"], right)).toMatchObject({ code: 0 });
  for (const words of [["preview"], ["up", "--yes"], ["destroy", "--yes"]]) {
    const { code, stderr } = await project.run(words, { env: { BERTH_PASSPHRASE: "wrong" } });
    expect([code, stderr], words.join(" ")).toEqual([1, expect.stringContaining("error BERTH4021")]);
  }
  // Without any, everything else can be planned.
  expect((await project.berth("preview")).stdout).toContain("secret not readable");
  expect((await project.run(["preview", "--expect-no-changes"], right)).code).toBe(0);
});
