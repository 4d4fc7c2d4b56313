import { expect, test } from "vitest";
import { Config, declare, evaluate, SealedSecret, text, Unknown, type Value, valueAt } from "./index.ts";

const sealed = new SealedSecret("the configuration value shop:token", "digest");
const nothing = (): undefined => undefined;

async function inProgram<T>(run: (config: Config) => T): Promise<T> {
  const results: T[] = [];
  await declare(
    { project: "shop", stack: "dev", config: { "shop:token": sealed } },
    () => void results.push(run(new Config())),
  );
  return results[0]!;
}

test("a program gets it as the secret that it is, and in no other way", async () => {
  const token = await inProgram((config) => config.requireSecret("token"));
  expect(evaluate(token, nothing)).toBe(sealed);
  for (const key of ["get", "getNumber", "getBoolean", "getObject"] as const)
    await expect(inProgram((config) => config[key]("token"))).rejects.toThrow(/BERTH1025/);
});

test("what is made from it is unknown, stays secret, and has not its digest", async () => {
  const made: readonly (Value | undefined)[] = await inProgram((config) => {
    const token = config.requireSecret("token");
    return [token.apply((value) => value.length), text`x${token}`].map((each) => evaluate(each, nothing));
  });
  for (const each of [...made, valueAt(sealed, ["part"])]) {
    expect(each).toBeInstanceOf(Unknown);
    expect(each).not.toBeInstanceOf(SealedSecret);
    expect(each).toMatchObject({ secret: true, producers: sealed.producers });
  }
});
