import { expect, test } from "vitest";
import { Thing } from "./fingerprint.fixture.ts";
import { declare } from "./declare.ts";
import { Fingerprints } from "./fingerprint.ts";
import type { Secret } from "./json.ts";
import { all, secret, text } from "./output.ts";

type Inputs = ConstructorParameters<typeof Thing>[1];

/** The fingerprint of the inputs of one resource, made with the outputs of another. */
async function fingerprint(
  inputs: (version: InstanceType<typeof Thing>["version"]) => Inputs,
): Promise<string> {
  const graph = await declare({ project: "shop", stack: "dev" }, () => {
    const other = new Thing("other", { value: "1" });
    new Thing("one", inputs(other.version));
  });
  return new Fingerprints().of(graph.resources[1]!.inputs);
}

test("equal declarations have equal fingerprints", async () => {
  const inputs = (version: InstanceType<typeof Thing>["version"]): Inputs => ({
    value: version.apply((each) => `${each}!`),
  });
  expect(await fingerprint(inputs)).toBe(await fingerprint(inputs));
});

test("what is declared otherwise has another one, also where nothing is known yet", async () => {
  const declared: ((version: InstanceType<typeof Thing>["version"]) => Inputs)[] = [
    () => ({ value: "a" }),
    () => ({ value: "b" }),
    () => ({ value: secret("a") }),
    () => ({ value: secret("b") }),
    (version) => ({ value: version }),
    (version) => ({ value: version.apply((each) => each) }),
    (version) => ({ value: version.apply((each) => `${each}!`) }),
    (version) => ({ value: text`a ${version}` }),
    (version) => ({ value: text`b ${version}` }),
    (version) => ({ value: all([version, "a"]).apply((each) => each.join("")) }),
    (version) => ({ value: all([version, "b"]).apply((each) => each.join("")) }),
  ];
  const fingerprints = await Promise.all(declared.map(fingerprint));
  expect(new Set(fingerprints).size).toBe(declared.length);
});

test("secrets are shown to whoever wants to know them; long chains do not matter", async () => {
  const seen: Secret[] = [];
  const graph = await declare({ project: "shop", stack: "dev" }, () => {
    let value = secret("hunter2").apply((each) => each);
    for (let n = 0; n < 20_000; n++) value = value.apply((each) => each);
    new Thing("one", { value });
  });
  new Fingerprints((each) => seen.push(each)).of(graph.resources[0]!.inputs);
  expect(seen.map((each) => each.reveal())).toEqual(["hunter2"]);
});
