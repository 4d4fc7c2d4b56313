import { Secret, Unknown } from "@berth/core";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { existingKeyFileAt } from "./key-file.ts";
import { plainJson, seal, unseal } from "./sealing.ts";
import { openSecrets, type Secrets, type SecretsOptions } from "./secrets.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-secrets-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (options: Partial<SecretsOptions> = {}): Secrets =>
  openSecrets({
    recorded: undefined,
    passphrase: undefined,
    keyFile: join(folder, "secrets.key"),
    ...options,
  });

describe.each([
  ["a passphrase", { passphrase: "correct horse" }],
  ["the key file", {}],
])("with %s", (_, options) => {
  test("what is encrypted is decrypted, also by the next process", () => {
    const first = open(options);
    const sealed = first.encrypt({ password: "hünter2" });
    const next = open({ ...options, recorded: first.key });
    expect(next.decrypt(sealed)).toEqual({ password: "hünter2" });
    expect(next.digest({ password: "hünter2" })).toBe(sealed.digest);
    expect(next.digest({ password: "hunter2" })).not.toBe(sealed.digest);
  });

  test("equal secrets have different ciphertexts and the same digest", () => {
    const secrets = open(options);
    const [a, b] = [secrets.encrypt("x"), secrets.encrypt("x")];
    expect(a.ciphertext).not.toBe(b.ciphertext);
    expect(a.digest).toBe(b.digest);
  });

  test("a changed ciphertext is unreadable, never read as something else", () => {
    const secrets = open(options);
    const sealed = secrets.encrypt("x");
    for (let at = 0; at < sealed.ciphertext.length; at++) {
      const other = sealed.ciphertext[at] === "A" ? "B" : "A";
      const changed = sealed.ciphertext.slice(0, at) + other + sealed.ciphertext.slice(at + 1);
      expect([undefined, "x"]).toContain(secrets.decrypt({ ...sealed, ciphertext: changed }));
    }
    expect(secrets.decrypt({ ...sealed, ciphertext: "" })).toBeUndefined();
  });

  test("without the key a secret is unreadable, and nothing is encrypted beside it", () => {
    const first = open(options);
    const sealed = first.encrypt("x");
    const without = openSecrets({
      recorded: first.key,
      passphrase: undefined,
      keyFile: join(folder, "none"),
    });
    expect([without.decrypt(sealed), without.digest("x")]).toEqual([undefined, undefined]);
    expect(() => without.encrypt("y")).toThrow("BERTH4020");
  });
});

test("another passphrase is told from the right one", () => {
  const first = open({ passphrase: "right" });
  const sealed = first.encrypt("x");
  const wrong = open({ passphrase: "wrong", recorded: first.key });
  expect([wrong.decrypt(sealed), wrong.digest("x")]).toEqual([undefined, undefined]);
  expect(() => wrong.encrypt("y")).toThrow("BERTH4021");
  expect(() => wrong.refuseWrongKey()).toThrow("BERTH4021");
  first.refuseWrongKey();
  open({ recorded: first.key }).refuseWrongKey();
});

test("the key file is made when a first secret needs it, for its user only, and never replaced", () => {
  const file = join(folder, "secrets.key");
  const secrets = open();
  expect(secrets.digest("x")).toBeUndefined();
  expect(existsSync(file)).toBe(false);
  secrets.encrypt("x");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = readFileSync(file, "utf8");
  open().encrypt("y");
  expect(readFileSync(file, "utf8")).toBe(text);
  writeFileSync(file, "something else");
  expect(() => open().encrypt("z")).toThrow("BERTH4022");
});

test("a key file with one byte changed is told from the right one, or is no key file", () => {
  const file = join(folder, "secrets.key");
  const { key } = ((secrets: Secrets) => (secrets.encrypt("x"), secrets))(open());
  const text = readFileSync(file, "utf8");
  for (let at = 0; at < text.length; at++) {
    const other = text[at] === "A" ? "B" : "A";
    writeFileSync(file, text.slice(0, at) + other + text.slice(at + 1));
    expect(() => open({ recorded: key }).refuseWrongKey(), `byte ${at}`).toThrow(/BERTH402[12]/);
  }
});

describe("sealing", () => {
  test("encrypts secrets where they are and nothing else, and an unchanged one keeps its ciphertext", () => {
    const secrets = open({ passphrase: "p" });
    const value = { name: "web", env: [{ name: "TOKEN", value: new Secret("t0ken") }] };
    const sealed = seal(value, secrets);
    expect(JSON.stringify(sealed)).not.toContain("t0ken");
    expect(seal({ ...value, name: "new" }, secrets, [sealed])["env"]).toEqual(sealed["env"]);
    expect(
      seal({ env: [{ name: "TOKEN", value: new Secret("other") }] }, secrets, [sealed])["env"],
    ).not.toEqual(sealed["env"]);
    const opened = unseal(sealed, secrets);
    expect(plainJson(opened)).toEqual({ name: "web", env: [{ name: "TOKEN", value: "t0ken" }] });
  });

  test("a secret that cannot be read is represented, and what is not known yet is not kept", () => {
    const sealed = seal({ a: [new Secret(1)] }, open({ passphrase: "p" }));
    const paths: unknown[] = [];
    const without = open();
    expect(unseal(sealed, without)).toEqual(sealed);
    const marked = unseal(sealed, without, (_, path) => {
      paths.push(path);
      return new Unknown([]);
    });
    expect([marked, paths]).toEqual([{ a: [new Unknown([])] }, [["a", 0]]]);
    expect(() => seal({ a: new Unknown([]) }, without)).toThrow(TypeError);
  });
});

test("a key file that is shared with nobody is not made, but one that is there is used", () => {
  const path = join(folder, "shared.key");
  const shared = openSecrets({
    recorded: undefined,
    passphrase: undefined,
    keyFile: existingKeyFileAt(path),
  });
  expect(() => shared.encrypt("x")).toThrow("set BERTH_PASSPHRASE");
  expect(existsSync(path)).toBe(false);
  const own = openSecrets({ recorded: undefined, passphrase: undefined, keyFile: path });
  const encrypted = own.encrypt("x");
  const other = openSecrets({ recorded: own.key, passphrase: undefined, keyFile: existingKeyFileAt(path) });
  expect(other.decrypt(encrypted)).toBe("x");
});
