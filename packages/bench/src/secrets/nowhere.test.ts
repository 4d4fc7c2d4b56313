import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CloudSource, type EngineEvent, inlineProject, type OperationRun } from "@berth/automation";
import { Config, type JsonObject, Secret, secret, text, type Value } from "@berth/core";
import { BerthError } from "@berth/diagnostics";
import type { ResourcePolicy } from "@berth/engine";
import type { Plan } from "@berth/planner";
import { renderMarkdown, renderProblems, renderText } from "@berth/report";
import { expect, test } from "vitest";
import { Account, formsOf, LeakyProvider, Vault } from "./fixtures/leaky-provider.ts";

/** A marker for each place in which a program can have a secret. What provokes masking badly is in their characters. */
const markers = {
  schema: 'sch "ma\\ker+/=é',
  plain: "plain marker of a secret in a property that is not called secret",
  list: "list-marker-0123456789",
  nested: "nested\nmarker in\nthree lines",
  config: "config-marker-abcdef",
  environment: "environment-marker-ghijkl",
  derived: "derived-marker-mnopqr",
  output: "stack-output-marker-stuvwx",
  account: "account-password-marker",
  trigger: "trigger-marker-yz0123",
  second: "the-second-value-of-a-rotated-secret",
  outside: "what-somebody-wrote-outside-of-berth",
} as const;

const generated = "generated-token-of-";

test("a secret's plaintext is in no file, plan, report, event and error, wherever a program has it", async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), "berth-secrets-"));
  const things = new Map<string, JsonObject>();
  const cloud: CloudSource = {
    open: () => ({ providers: () => new Map([["leaky", new LeakyProvider(things)]]), close: async () => {} }),
  };
  process.env["BERTH_TEST_SECRET"] = markers.environment;
  let [rotated, fails] = [markers.schema as string, undefined as string | undefined];
  const project = inlineProject({
    name: "vaults",
    dataFolder,
    cloud,
    config: { token: new Secret(markers.config) },
    policies: [gossip],
    program: () => {
      const account = new Account("account", { login: "me", password: markers.account });
      const first = new Vault(
        "first",
        {
          name: "first",
          key: rotated,
          plain: secret(markers.plain),
          list: [secret(markers.list), "open"],
          nested: { deep: secret(markers.nested) },
        },
        { provider: account, replacementTrigger: secret(markers.trigger), additionalSecretOutputs: ["echo"] },
      );
      const second = new Vault(
        "second",
        {
          name: "second",
          key: new Config().requireSecret("token"),
          plain: text`${secret(markers.derived).apply((value) => `${value}!`)} ${first.token}`,
          list: [secret(process.env["BERTH_TEST_SECRET"] ?? "")],
          ...(fails !== undefined && { fails }),
        },
        {
          provider: account,
          hooks: {
            afterCreate: ({ inputs }) => complain(inputs["key"]),
            afterUpdate: ({ inputs }) => complain(inputs["key"]),
          },
        },
      );
      return { mine: secret(markers.output), theirs: second.token, echo: first.echo };
    },
  });

  const said: string[] = [];
  const listen = async <T extends { readonly plan: Plan }>(run: OperationRun<T>): Promise<void> => {
    try {
      for await (const event of run) said.push(JSON.stringify(event satisfies EngineEvent));
      const result = await run;
      said.push(JSON.stringify(result), renderText(result.plan), renderMarkdown(result.plan));
    } catch (error) {
      if (!BerthError.is(error)) throw error;
      said.push(
        JSON.stringify(error.problems),
        error.message,
        String(error.stack),
        renderProblems(error.problems),
      );
    }
  };

  const stack = project.stack("dev");
  await listen(stack.preview());
  for (fails of ["coded", "plain", "late", undefined]) await listen(stack.up());
  await listen(stack.preview());
  rotated = markers.second;
  await listen(stack.preview());
  await listen(stack.up());
  for (const [id, thing] of things)
    things.set(id, { ...thing, key: markers.outside, plain: markers.outside });
  await listen(stack.preview({ refresh: true, save: true }));
  await listen(stack.refresh());

  await listen(stack.up());
  said.push(JSON.stringify(await stack.state()), JSON.stringify(await stack.outputs()));
  const kept = await textsBelow(dataFolder);
  await listen(stack.destroy({ runProgram: true }));
  delete process.env["BERTH_TEST_SECRET"];

  expect(things.size, "all vaults were made, and are gone").toBe(0);
  expect(kept.size).toBeGreaterThan(1);
  const places = new Map([...kept, ["what was said", said.join("\n")]]);
  const leaks = Object.entries({ ...markers, generated }).flatMap(([marker, plaintext]) =>
    formsOf(plaintext).flatMap((form) =>
      [...places]
        .filter(([, all]) => all.includes(form))
        .map(([place, all]) => `${marker} in ${place}: ${around(all, form)}`),
    ),
  );
  expect(leaks).toEqual([]);
});

/** A policy that tells what it was shown. */
const gossip: ResourcePolicy = {
  kind: "resource",
  name: "gossip",
  description: "Says all that it knows.",
  level: "advisory",
  check: ({ inputs }) => Object.values(inputs).map((each) => ({ message: `it is ${revealed(each)}` })),
};

function revealed(value: Value): string {
  return value instanceof Secret ? String(value.reveal()) : typeof value === "string" ? value : "nothing";
}

/** A hook that throws what it was given. */
function complain(key: unknown): never {
  const plaintext = key instanceof Secret ? String(key.reveal()) : "no secret";
  throw new Error(`the hook does not like ${plaintext} (${Buffer.from(plaintext).toString("base64")})`);
}

async function textsBelow(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  return new Map(
    await Promise.all(files.map(async (file) => [file, await readFile(file, "latin1")] as const)),
  );
}

function around(all: string, form: string): string {
  const at = all.indexOf(form);
  return JSON.stringify(all.slice(Math.max(0, at - 120), at + form.length + 20));
}
