import { describe, expect, test } from "vitest";
import { hasTerminals, ProjectFolder } from "./harness.ts";
import { onCluster } from "./programs.ts";

const marker = "hunter2-marker";

const files = {
  "berth.yaml": `name: shop
entry: main.ts
config:
  replicas: { type: integer, minimum: 1, default: 2, description: Copies of the shop }
  token: { type: string, secret: true }
`,
  "main.ts": onCluster(`
import { Config } from "@berth/core";
const config = new Config();
new k8s.ConfigMap("shop", { data: { token: config.requireSecret("token"), replicas: config.require("replicas") } });
export const token = config.requireSecret("token");
`),
};

/** No file but the key's knows it, and nothing that was printed does. */
function planted(project: ProjectFolder, ...outputs: readonly string[]): readonly string[] {
  const everything = [...project.bytes(".")].map(([file, bytes]) => [
    file,
    Buffer.from(bytes, "base64").toString(),
  ]);
  return [...everything, ...outputs.map((each) => ["output", each])].flatMap(([file = "", text = ""]) =>
    text.includes(marker) ? [file] : [],
  );
}

describe("configuration with a schema", () => {
  test("a secret's way: from the input into the cloud, never in plaintext; without the key a preview still tells", async () => {
    using project = ProjectFolder.of(files);
    const missing = await project.berth("preview");
    expect(missing.stderr).toMatchInlineSnapshot(`
      "error BERTH7209 berth.dev.yaml:1:1 the configuration value token is missing
        berth config set token --secret

      More: berth help BERTH7209
      "
    `);
    expect((await project.run(["config", "set", "token"], { input: `${marker}\n` })).code).toBe(0);
    expect((await project.succeed("config", "list")).stdout).toBe(
      "replicas: 2  (default)\ntoken: [secret]\n",
    );
    expect((await project.succeed("config", "get", "token")).stdout).toBe("[secret]\n");
    expect((await project.succeed("config", "get", "token", "--show-secrets")).stdout).toBe(`${marker}\n`);
    const before = project.read("berth.dev.yaml");
    await project.run(["config", "set", "token"], { input: `${marker}\n` });
    expect(project.read("berth.dev.yaml")).toBe(before);

    const up = await project.succeed("up", "--yes", "--json");
    const json = await project.succeed("preview", "--json");
    expect(planted(project, up.stdout, up.stderr, json.stdout)).toEqual([".berth/local/cloud.log"]);
    expect((await project.succeed("stack", "outputs")).stdout).toBe("token: [secret]\n");

    project.remove(".berth/secrets.key");
    expect((await project.plan()).changes).toEqual([]);
    expect((await project.plan("--offline")).changes).toEqual([]);
    const refused = await project.berth("up", "--yes");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("BERTH7212 berth.dev.yaml:")]);
    const shown = await project.berth("config", "get", "token", "--show-secrets");
    expect([shown.code, shown.stderr]).toEqual([1, expect.stringContaining("BERTH7212")]);
  });

  test("what it refuses is not set; all that is wrong is said before the program runs", async () => {
    using project = ProjectFolder.of(files);
    const refused = await project.berth("config", "set", "replicas", "0");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("BERTH7208")]);
    expect(project.has("berth.dev.yaml")).toBe(false);
    project.write("berth.dev.yaml", "config:\n  replicas: none\n  tokn: x\n");
    expect((await project.berth("preview")).stderr).toMatchInlineSnapshot(`
      "error BERTH7210 berth.dev.yaml:3:3 berth.yaml knows no configuration value "tokn"
        did you mean "token"?
      error BERTH7208 berth.dev.yaml:2:13 the configuration value replicas must be integer
        Copies of the shop
      error BERTH7209 berth.dev.yaml:1:1 the configuration value token is missing
        berth config set token --secret

      More: berth help BERTH7210
      "
    `);
  });
});

describe("berth stack change-secrets", () => {
  test("from the key file to a passphrase, to another one, and back: nothing else changes", async () => {
    using project = ProjectFolder.of(files);
    await project.run(["config", "set", "token"], { input: marker });
    await project.succeed("up", "--yes");
    const change = ["stack", "change-secrets"];
    const first = { BERTH_NEW_PASSPHRASE: "correct horse" };
    expect((await project.run(change, { env: first })).stderr).toBe(
      "Encrypted anew: 2 in the state, 1 in the configuration.\nFrom now on BERTH_PASSPHRASE is the new passphrase.\n",
    );
    project.remove(".berth/secrets.key");
    const second = { BERTH_PASSPHRASE: "correct horse", BERTH_NEW_PASSPHRASE: "battery staple" };
    expect((await project.run(change, { env: { BERTH_NEW_PASSPHRASE: "x" } })).stderr).toContain("BERTH4020");
    expect((await project.run(change, { env: second })).code).toBe(0);
    expect(
      (await project.run(change, { env: { ...second, BERTH_PASSPHRASE: "battery staple" } })).stderr,
    ).toBe("No secret had another key.\n");
    const env = { BERTH_PASSPHRASE: "battery staple" };
    const outputs = await project.run(["config", "get", "token", "--show-secrets"], { env });
    expect(outputs.stdout).toBe(`${marker}\n`);
    expect((await project.run([...change, "--to", "key-file"], { env })).code).toBe(0);
    expect((await project.plan()).changes).toEqual([]);
    expect((await project.succeed("up", "--yes")).stderr).toContain("Nothing to do.");
    expect(planted(project)).toEqual([".berth/local/cloud.log"]);
  });

  test("wants a passphrase", async () => {
    using project = ProjectFolder.of(files);
    await project.run(["config", "set", "token"], { input: marker });
    const refused = await project.berth("stack", "change-secrets");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("BERTH8005")]);
  });
});

test.skipIf(!hasTerminals)(
  "on a terminal a secret is asked for, and not shown while it is typed",
  async () => {
    using project = ProjectFolder.of(files);
    const { code, stdout } = await project.run(["config", "set", "token"], {
      answer: { to: "token: ", with: `${marker}\r` },
      env: { TERM: "xterm" },
    });
    expect([code, stdout.includes(marker)]).toEqual([0, false]);
    expect((await project.succeed("config", "get", "token", "--show-secrets")).stdout).toBe(`${marker}\n`);
  },
);
