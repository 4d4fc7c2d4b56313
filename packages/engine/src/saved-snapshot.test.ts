import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClusterSnapshot, type ResourceRecord, Secret, type StackState } from "@berth/core";
import { openSecrets, seal } from "@berth/state";
import { expect, test } from "vitest";
import { Redactor } from "./redactor.ts";
import { withoutSecrets } from "./saved-snapshot.ts";

const folder = mkdtempSync(join(tmpdir(), "berth-snapshot-"));
const secrets = openSecrets({ recorded: undefined, passphrase: undefined, keyFile: join(folder, "key") });

function stateWith(env: Readonly<Record<string, Secret | string>>): StackState {
  const record: ResourceRecord = {
    urn: "urn:berth:dev:shop::kubernetes:Deployment::web",
    type: "kubernetes:Deployment",
    provider: "kubernetes",
    id: "apps/v1 Deployment default/web",
    inputs: seal({ env }, secrets, []),
    outputs: {},
    assigned: {},
    dependencies: [],
    references: {},
    protect: false,
    operationKey: "k",
  };
  return { project: "shop", stack: "dev", serial: 1, resources: [record], outputs: {}, pending: [] };
}

const snapshot: ClusterSnapshot = {
  cluster: "c",
  objects: [
    {
      kind: "Pod",
      env: [
        { name: "URL", value: "postgres://me:hunter2-hunter2@db" },
        { name: "PIN", value: "12" },
      ],
    },
    { kind: "Pod", metadata: { name: "web-12" }, env: [{ name: "PIN", value: "12" }] },
  ],
};

test("every text with a secret in it is masked; a short secret only where it is the whole text", () => {
  const state = stateWith({ TOKEN: new Secret("hunter2-hunter2"), PIN: new Secret("12") });
  expect(withoutSecrets(snapshot, state, secrets, new Redactor())?.objects).toEqual([
    {
      kind: "Pod",
      env: [
        { name: "URL", value: "postgres://me:[secret]@db" },
        { name: "PIN", value: "[secret]" },
      ],
    },
    { kind: "Pod", metadata: { name: "web-12" }, env: [{ name: "PIN", value: "[secret]" }] },
  ]);
});

test("without the key nothing is saved: what can't be read can't be masked", () => {
  const state = stateWith({ TOKEN: new Secret("hunter2-hunter2") });
  const other = openSecrets({ recorded: secrets.key, passphrase: undefined, keyFile: join(folder, "gone") });
  expect(withoutSecrets(snapshot, state, other, new Redactor())).toBeUndefined();
});

test("a stack without secrets keeps its snapshot as it is", () => {
  expect(withoutSecrets(snapshot, stateWith({ A: "plain" }), secrets, new Redactor())).toEqual(snapshot);
});
