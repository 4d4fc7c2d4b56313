import { randomBytes, randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { stateCodes } from "./codes.ts";
import { stateError } from "./damage.ts";
import { accessError, hasCode } from "./durable-files.ts";

/** Marks the file, so that nobody takes it for something else; then 32 bytes in base64. */
const header = "berth-secrets-key-v1";

/** Where a key of 256 random bits is kept. */
export interface KeySource {
  /** For messages: a path, or what else it is. */
  readonly name: string;
  /** The key in base64; `undefined` where there is none yet. @throws BERTH4022 */
  read(): string | undefined;
  /** Makes the key, or answers the one that somebody else has made meanwhile. */
  create(): string;
}

/** A key file on disk. */
export function keyFileAt(path: string): KeySource {
  return { name: path, read: () => readKeyFile(path), create: () => createKeyFile(path) };
}

/**
 * The key file of a project whose states others share: one that is there is used, but none is made. It
 * would be on this machine only, and a job that is gone would have taken it along.
 */
export function existingKeyFileAt(path: string): KeySource {
  return {
    ...keyFileAt(path),
    create: () => {
      const message = "a key file would be on this machine only, and the states are not";
      throw stateError(stateCodes.BERTH4020, path, message, "set BERTH_PASSPHRASE, for everybody the same");
    },
  };
}

/**
 * A key that lives as long as the process, for stacks whose state does as well.
 *
 * @example const secrets = openSecrets({ recorded: undefined, passphrase: undefined, keyFile: memoryKey() });
 */
export function memoryKey(): KeySource {
  let key: string | undefined;
  return {
    name: "key in memory",
    read: () => key,
    create: () => (key ??= randomBytes(32).toString("base64")),
  };
}

/** The key in base64; `undefined` where there is no file. @throws BERTH4022 */
function readKeyFile(path: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return undefined;
    throw stateError(stateCodes.BERTH4022, path, error instanceof Error ? error.message : String(error));
  }
  const [first, key = ""] = text.split("\n");
  if (first !== header || !/^[A-Za-z0-9+/]{43}=$/.test(key))
    throw stateError(stateCodes.BERTH4022, path, "it is not a key file of berth");
  return key;
}

/** Makes the file with 256 random bits, readable by its user only, complete or not at all; never replaces one. */
function createKeyFile(path: string): string {
  const key = randomBytes(32).toString("base64");
  const draft = `${path}.${randomUUID()}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(draft, `${header}\n${key}\n`, { mode: 0o600, flag: "wx", flush: true });
    linkSync(draft, path);
  } catch (error) {
    // Two stacks of a project may need it at once; the first one made it.
    const made = hasCode(error, "EEXIST") ? readKeyFile(path) : undefined;
    if (made !== undefined) return made;
    throw accessError(error, path);
  } finally {
    rmSync(draft, { force: true });
  }
  return key;
}
