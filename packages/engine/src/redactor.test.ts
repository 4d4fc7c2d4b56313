import { Secret, Unknown } from "@berth/core";
import { BerthError, defineCodes, problem } from "@berth/diagnostics";
import { describe, expect, test } from "vitest";
import { Redactor } from "./redactor.ts";

const knowing = (...values: readonly (string | number)[]): Redactor => {
  const redactor = new Redactor();
  redactor.learn({
    list: values.map((value) => new Secret(value)),
    nested: { unknown: new Unknown([]), plain: "visible" },
  });
  return redactor;
};

describe("a text from somebody else", () => {
  test.each([
    ["as it is", "password hunter2! is wrong", "password [secret] is wrong"],
    ["in base64", `data: ${Buffer.from("hunter2!").toString("base64")}`, "data: [secret]"],
    ["percent-encoded", `?p=${encodeURIComponent("a b&c=d")}`, "?p=[secret]"],
    ["as a part of JSON", JSON.stringify({ p: 'quo"ted\\' }), '{"p":"[secret]"}'],
    ["a number", "code 123456 refused", "code [secret] refused"],
    ["one line of several", "bad line: -----KEY-MATERIAL", "bad line: [secret]"],
    ["with characters of patterns", "(a.b*c)?", "[secret]?"],
    ["a longer one that holds a shorter one", "hunter2!hunter2!", "[secret][secret]"],
  ])("is masked: %s", (_, text, expected) => {
    const redactor = knowing(
      "hunter2!",
      "a b&c=d",
      'quo"ted\\',
      123456,
      "first-line\n-----KEY-MATERIAL",
      "(a.b*c)",
    );
    expect(redactor.text(text)).toBe(expected);
  });

  test("is masked where the secret holds half a character", () => {
    expect(knowing("half\ud83da character").text("half\ud83da character is wrong")).toBe("[secret] is wrong");
  });

  test("is withheld where a secret is too short to be masked", () => {
    expect(knowing("ab").text("cab driver")).not.toContain("cab");
    expect(knowing("ab").text("nothing here")).toBe("nothing here");
  });

  test("is left alone where nothing is secret", () => {
    expect(knowing().text("visible")).toBe("visible");
    expect(knowing("").text("visible")).toBe("visible");
  });
});

test("of an error keep code and path, lose secrets and causes", () => {
  const codes = defineCodes({ BERTH6993: { title: "t", explanation: "e", remedy: "r" } });
  const thrown = new BerthError([
    problem(codes.BERTH6993, { message: "no hunter2!", hint: "try hunter2!", path: "a.b" }),
  ]);
  const redactor = knowing("hunter2!");
  expect(redactor.problems(thrown, { resource: "urn" })).toEqual([
    {
      code: "BERTH6993",
      severity: "error",
      message: "no [secret]",
      hint: "try [secret]",
      path: "a.b",
      resource: "urn",
    },
  ]);
  expect(redactor.problems(new Error("hunter2!"), {})).toMatchObject([
    { code: "BERTH6006", message: "[secret]" },
  ]);
  expect(redactor.problems("hunter2!", {})).toMatchObject([
    { message: "something was thrown that is no error" },
  ]);
});
