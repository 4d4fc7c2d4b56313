import { definitionOf, Secret, type ValueObject } from "@berth/core";
import { expect, test } from "vitest";
import { Thing } from "./fixtures/thing.ts";
import { markOutputs } from "./outputs.ts";

const password = 'hunter "two" 2000';
const sent: ValueObject = { name: "a", password: new Secret(password), port: new Secret("443") };

test("an output in which a secret that was sent stands is secret, at any depth and as a part of JSON", () => {
  const answered = {
    connection: `server=a;password=${password}`,
    spec: {
      env: [
        { name: "PASSWORD", value: password },
        { name: "HOME", value: "/root" },
      ],
    },
    raw: JSON.stringify({ password }),
    version: "1.2.3",
  };
  const marked = markOutputs(definitionOf(Thing), answered, { sent });
  expect(marked["connection"]).toBeInstanceOf(Secret);
  expect(marked["raw"]).toBeInstanceOf(Secret);
  expect(marked).toMatchObject({
    version: "1.2.3",
    spec: { env: [{ name: "PASSWORD" }, { value: "/root" }] },
  });
  expect(() => JSON.stringify(marked)).toThrow("secret");
});

test("what names the resource, and texts that only hold something as short as a short secret, stay what they are", () => {
  const answered = { id: `things/${password}`, url: "https://a:443/" };
  expect(markOutputs(definitionOf(Thing), answered, { sent })).toEqual(answered);
});

test("what the type or the program calls secret is, whatever was sent; null says nothing", () => {
  const marked = markOutputs(
    definitionOf(Thing),
    { token: "t", note: "n", nothing: null },
    {
      additional: ["note", "nothing", "missing"],
    },
  );
  expect(marked["token"]).toBeInstanceOf(Secret);
  expect(marked["note"]).toBeInstanceOf(Secret);
  expect(marked["nothing"]).toBeNull();
  expect(marked).not.toHaveProperty("missing");
});
