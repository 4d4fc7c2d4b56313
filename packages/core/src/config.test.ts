import { describe, expect, test } from "vitest";
import { Config, currentStack, declare, evaluate, Secret, type Value } from "./index.ts";

const values: Record<string, Value> = {
  "shop:text": "x",
  "shop:number": 3,
  "shop:numberAsText": "3.5",
  "shop:empty": "",
  "shop:flag": "true",
  "shop:object": { a: [1] },
  "shop:token": new Secret("hunter2"),
  "azure:location": "westeurope",
};

async function inProgram<T>(run: (config: Config) => T): Promise<T> {
  let result: T | undefined;
  await declare(
    {
      project: "shop",
      stack: "dev",
      config: values,
      mapSite: () => ({ file: "shop.ts", line: 1, column: 1 }),
    },
    () => {
      result = run(new Config());
    },
  );
  return result as T;
}

describe("configuration", () => {
  test("is read as what it is asked for", async () => {
    expect(
      await inProgram((config) => [
        config.get("text"),
        config.get("number"),
        config.get("missing"),
        config.getNumber("number"),
        config.getNumber("numberAsText"),
        config.getBoolean("flag"),
        config.getObject("object"),
        config.get("azure:location"),
        new Config("azure").require("location"),
        config.get("toString"),
        config.getSecret("missing"),
      ]),
    ).toEqual([
      "x",
      "3",
      undefined,
      3,
      3.5,
      true,
      { a: [1] },
      "westeurope",
      "westeurope",
      undefined,
      undefined,
    ]);
  });

  test.each<[string, (config: Config) => unknown]>([
    ["missing", (config) => config.require("missing")],
    ["missing number", (config) => config.requireNumber("missing")],
    ["missing boolean", (config) => config.requireBoolean("missing")],
    ["missing object", (config) => config.requireObject("missing")],
    ["missing secret", (config) => config.requireSecret("missing")],
    ["no number", (config) => config.getNumber("text")],
    ["empty number", (config) => config.getNumber("empty")],
    ["no boolean", (config) => config.getBoolean("number")],
    ["no text", (config) => config.get("object")],
    ["secret in the open", (config) => config.get("token")],
    ["secret number in the open", (config) => config.getNumber("token")],
  ])("%s is refused", async (_what, read) => {
    const message = await inProgram(read).catch((thrown: unknown) => String(thrown));
    expect(message).toMatchSnapshot();
    expect(message).not.toContain("hunter2");
  });

  test("a secret is an output that stays secret", async () => {
    const [token, plain] = await inProgram((config) => [
      config.requireSecret("token"),
      config.requireSecret("text"),
    ]);
    expect(evaluate([token, plain], () => undefined)).toEqual([new Secret("hunter2"), new Secret("x")]);
  });

  test("there is none outside a program", () => {
    expect(() => new Config()).toThrow("BERTH1006");
    expect(() => currentStack()).toThrow("BERTH1006");
  });

  test("a program knows its stack", async () => {
    expect(await inProgram(() => currentStack())).toEqual({ project: "shop", stack: "dev" });
  });
});
