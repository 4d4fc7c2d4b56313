import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SealedSecret, Secret, Unknown } from "@berth/core";
import { BerthError, formatProblem } from "@berth/diagnostics";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { openProject, type Project } from "../project.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "berth-config-"));
  vi.stubEnv("BERTH_PASSPHRASE", "");
});

const schema = `name: shop
entry: shop.ts
config:
  replicas: { type: integer, minimum: 1, default: 2, description: Copies of the store }
  size: { type: string, enum: [small, large], default: small }
  token: { type: string, minLength: 4, secret: true }
  note: { type: string, optional: true }
  ports: { type: array, items: { type: object, properties: { number: { type: integer } }, additionalProperties: false }, optional: true }
`;

async function project(berth = schema, dev?: string): Promise<Project> {
  await writeFile(join(directory, "berth.yaml"), berth);
  if (dev !== undefined) await writeFile(join(directory, "berth.dev.yaml"), dev);
  return openProject({ cwd: directory });
}

const refusal = async (run: Promise<unknown>): Promise<readonly string[]> =>
  run.then(
    () => ["accepted"],
    (error: unknown) => {
      if (!BerthError.is(error)) throw error;
      return error.problems.map(formatProblem);
    },
  );

const stackFile = (): Promise<string> => readFile(join(directory, "berth.dev.yaml"), "utf8");

describe("without a schema", () => {
  const free = "name: shop\nentry: shop.ts\n";

  test("values are written and read back, comments stay", async () => {
    const { configuration } = bound(await project(free, "# ours\nconfig:\n  replicas: 1 # few\n"));
    await configuration.set("image", "shop:2");
    await configuration.set("replicas", 3);
    expect(await configuration.values({}, "refuse")).toEqual({ "shop:replicas": 3, "shop:image": "shop:2" });
    expect(await stackFile()).toContain("# ours");
    await configuration.remove("image");
    expect(await configuration.values({}, "refuse")).toEqual({ "shop:replicas": 3 });
  });

  test("a stack without a file has no values; the first one makes it", async () => {
    const opened = await project(free);
    expect(await opened.configuration("dev").entries()).toEqual([]);
    await opened.configuration("dev").set("azure:location", "westeurope");
    expect(await opened.configuration("dev").values({}, "refuse")).toEqual({
      "azure:location": "westeurope",
    });
    expect(await opened.stacks()).toEqual(["dev"]);
  });

  test("the project's own name before a key makes no other key of it", async () => {
    const { configuration } = bound(await project(free, "config:\n  shop:replicas: 1\n"));
    await configuration.set("replicas", 2);
    expect(await stackFile()).toBe("config:\n  shop:replicas: 2\n");
    await writeFile(join(directory, "berth.dev.yaml"), "config:\n  shop:replicas: 1\n  replicas: 2\n");
    expect(await refusal(configuration.values({}, "refuse"))).toEqual([
      expect.stringMatching(/^berth\.dev\.yaml:3:3 BERTH7207/),
    ]);
  });

  test.each([
    "__proto__",
    "constructor",
    "shop:toString",
    "a:b:c",
    "",
    ":a",
    "a:",
    "1a",
    "a b",
    "a/b",
    "x".repeat(201),
  ])("%j is no key, neither in a file nor when it is set", async (key) => {
    const opened = await project(free, `config:\n  ok: 1\n  ${JSON.stringify(key)}: 2\n`);
    expect(await refusal(opened.configuration("dev").values({}, "seal"))).toEqual([
      expect.stringMatching(/^berth\.dev\.yaml:3:3 BERTH7207/),
    ]);
    expect(await refusal(opened.configuration("other").set(key, 1))).toEqual([
      expect.stringMatching(/^BERTH7207/),
    ]);
  });
});

describe("with a schema", () => {
  test("defaults are there, values count more", async () => {
    const opened = await project(schema, "config:\n  replicas: 5\n");
    const values = await opened.configuration("dev").values({ token: new Secret("hunter2") }, "refuse");
    expect(values).toEqual({ "shop:replicas": 5, "shop:size": "small", "shop:token": expect.any(Secret) });
  });

  test("everything that is wrong is said at once, at its place, with the nearest", async () => {
    const dev =
      "config:\n  replicas: none\n  siez: large\n  size: lrge\n  token: in-plaintext\n  ports:\n    - numbr: 1\n";
    const opened = await project(schema, dev);
    expect(await refusal(opened.configuration("dev").values({}, "refuse"))).toEqual([
      expect.stringMatching(
        /^berth\.dev\.yaml:5:3 BERTH7208: the configuration value token is a secret, and stands in the file in plaintext/,
      ),
      expect.stringMatching(/^berth\.dev\.yaml:3:3 BERTH7210: .*"siez" \(did you mean "size"\?\)/),
      expect.stringMatching(
        /^berth\.dev\.yaml:2:13 BERTH7208: .*replicas must be integer \(Copies of the store\)/,
      ),
      expect.stringMatching(
        /^berth\.dev\.yaml:4:9 BERTH7208: .*size must be one of "small", "large" \(did you mean "large"\?\)/,
      ),
      expect.stringMatching(
        /^berth\.dev\.yaml:7:7 BERTH7208: .*ports\.0 has the unknown key "numbr" \(did you mean "number"\?\)/,
      ),
    ]);
  });

  test("what is missing is said with how to set it", async () => {
    const opened = await project(schema);
    expect(await refusal(opened.configuration("dev").values({}, "refuse"))).toEqual([
      "berth.dev.yaml:1:1 BERTH7209: the configuration value token is missing (berth config set token --secret)",
    ]);
  });

  test("a value that it refuses is not set", async () => {
    const { configuration } = bound(await project());
    expect(await refusal(configuration.set("replicas", 0))).toEqual([
      expect.stringMatching(/BERTH7208: .*must be >= 1/),
    ]);
    expect(await refusal(configuration.set("repicas", 1))).toEqual([
      expect.stringMatching(/BERTH7210: .*did you mean "replicas"/),
    ]);
    const refused = await refusal(configuration.set("token", "xyz"));
    expect(refused).toEqual([expect.stringMatching(/BERTH7208/)]);
    expect(refused.join()).not.toContain("xyz");
    expect(await configuration.entries()).toHaveLength(2);
  });

  test.each([
    [
      "replicas: { tpe: integer }",
      /^berth\.yaml:4:15 BERTH7203 .*unknown key "tpe" \(did you mean "type"\?\)/,
    ],
    ["replicas: { type: int }", /^berth\.yaml:4:21 BERTH7203/],
    [
      "replicas: { type: integer, default: many }",
      /^berth\.yaml:4:39 BERTH7208: the default of .*must be integer/,
    ],
    [
      "token: { secret: true, default: x }",
      /^berth\.yaml:4:10 BERTH7203: config.token: a secret can have no default/,
    ],
    ["token: { pattern: '(' }", /^berth\.yaml:4:10 BERTH7203: .*[Ii]nvalid regular expression/],
    ["a:b:c: { type: string }", /^berth\.yaml:4:3 BERTH7207/],
    ["__proto__: { type: string }", /^berth\.yaml:4:3 BERTH7207/],
    ["replicas: 3", /^berth\.yaml:4:13 BERTH7203/],
  ])("a schema itself is checked: %s", async (line, message) => {
    expect(await refusal(project(`name: shop\nentry: shop.ts\nconfig:\n  ${line}\n`))).toEqual([
      expect.stringMatching(message),
    ]);
  });
});

describe("secrets", () => {
  test("are encrypted in the file, with a nonce each, and an unchanged one keeps its ciphertext", async () => {
    const { configuration } = bound(await project());
    await configuration.set("token", "hunter2");
    await configuration.set("note", "hunter2", { secret: true });
    const first = await stackFile();
    expect(first).not.toContain("hunter2");
    expect(new Set(first.match(/ciphertext: .+/g)).size).toBe(2);
    expect(new Set(first.match(/digest: .+/g)).size).toBe(1);
    await configuration.set("token", "hunter2");
    expect(await stackFile()).toBe(first);
    await configuration.set("token", "hunter3");
    expect(await stackFile()).not.toBe(first);
    const values = await configuration.values({}, "refuse");
    expect(values["shop:token"]).toBeInstanceOf(Secret);
    expect((values["shop:token"] as Secret).reveal()).toBe("hunter3");
    expect(await configuration.entries()).toContainEqual(
      expect.objectContaining({ key: "token", secret: true }),
    );
  });

  test("without the key are sealed for a preview, refused for what applies; the schema cannot see them", async () => {
    vi.stubEnv("BERTH_PASSPHRASE", "correct horse");
    const opened = await project();
    await opened.configuration("dev").set("token", "hunter2");
    expect(await stackFile()).toContain("source: passphrase");
    for (const passphrase of ["", "wrong"]) {
      vi.stubEnv("BERTH_PASSPHRASE", passphrase);
      const values = await opened.configuration("dev").values({}, "seal");
      expect(values["shop:token"]).toBeInstanceOf(SealedSecret);
      expect(await refusal(opened.configuration("dev").values({}, "refuse"))).toEqual([
        expect.stringMatching(/^berth\.dev\.yaml:\d+:\d+ BERTH7212: the configuration value token/),
      ]);
    }
  });

  test("are encrypted with the key of the stack's state, where it has one", async () => {
    const opened = await project();
    const session = await opened.backend.lock("dev", { operation: "up" });
    const secrets = opened.secrets(undefined);
    const ofState = secrets.encrypt("hunter2");
    await session.setSecretsKey(secrets.key!);
    await session.release();
    await opened.configuration("dev").set("token", "hunter2");
    expect(await stackFile()).toContain(ofState.digest);
  });

  test("of a file with another key than the state's can be anything without it", async () => {
    vi.stubEnv("BERTH_PASSPHRASE", "correct horse");
    const opened = await project();
    await opened.configuration("dev").set("token", "hunter2");
    const session = await opened.backend.lock("dev", { operation: "up" });
    const secrets = opened.secrets(undefined);
    secrets.encrypt("hunter2");
    await session.setSecretsKey(secrets.key!);
    await session.release();
    vi.stubEnv("BERTH_PASSPHRASE", "");
    const { "shop:token": token } = await opened.configuration("dev").values({}, "seal");
    expect(token).toBeInstanceOf(Unknown);
    expect(token).not.toBeInstanceOf(SealedSecret);
  });

  test.each(["{ $berth: secret }", "{ $berth: secret, ciphertext: v1:a:b:c, digest: 7 }"])(
    "%s is none, and for a secret value no plaintext either",
    async (text) => {
      const opened = await project(schema, `config:\n  token: ${text}\n`);
      expect(await refusal(opened.configuration("dev").values({}, "seal"))).toEqual([
        expect.stringContaining("stands in the file in plaintext"),
        expect.stringContaining("must be string"),
      ]);
    },
  );
});

function bound(opened: Project) {
  return { configuration: opened.configuration("dev") };
}

test("a change of keys that was interrupted between state and file goes on when it is run again", async () => {
  vi.stubEnv("BERTH_PASSPHRASE", "correct horse");
  const opened = await project();
  await opened.configuration("dev").set("token", "hunter2");
  const session = await opened.backend.lock("dev", { operation: "up" });
  const secrets = opened.secrets(await opened.secretsKey("dev"));
  await session.setOutputs({ token: { ...secrets.encrypt("hunter2") } });
  await session.setSecretsKey(secrets.key!);
  await session.commit();
  await session.release();
  const before = await stackFile();

  expect(await opened.changeSecrets("dev", { passphrase: "battery staple" })).toEqual({
    state: 1,
    config: 1,
  });
  const after = await stackFile();
  // What a crash before the second write leaves behind.
  await writeFile(join(directory, "berth.dev.yaml"), before);
  expect(await opened.changeSecrets("dev", { passphrase: "battery staple" })).toEqual({
    state: 0,
    config: 1,
  });

  vi.stubEnv("BERTH_PASSPHRASE", "battery staple");
  expect(await opened.stack("dev").outputs({ showSecrets: true })).toEqual({ token: "hunter2" });
  const { "shop:token": token } = await opened.configuration("dev").values({}, "refuse");
  expect((token as Secret).reveal()).toBe("hunter2");
  const keyOf = (text: string): string => /check: (\w+)/.exec(text)?.[1] ?? "";
  expect(keyOf(await stackFile())).toBe(keyOf(after));
  expect((await opened.backend.read("dev")).secretsKey?.check).toBe(keyOf(after));
});
