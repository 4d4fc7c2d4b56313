import {
  isEncryptedValue,
  type Json,
  SealedSecret,
  Secret,
  type SecretsKey,
  Unknown,
  type Value,
} from "@berth/core";
import {
  BerthError,
  nearest,
  type Problem,
  problem,
  type SourceSite,
  throwIfErrors,
} from "@berth/diagnostics";
import type { Secrets } from "@berth/state";
import { codes } from "../codes.ts";
import { readStackFile, stackFileName, writeStackFile } from "../project/stack-file.ts";
import { checkKey, keyProblem } from "./config-key.ts";
import type { ConfigSchema } from "./config-schema.ts";
import { type ConfigValues, fullKey, namespaced, shortKey } from "./config-values.ts";
import { type Checkable, missingProblems, unknownKeyProblem, valueProblems } from "./check-config.ts";

/** Whose configuration it is. */
export interface ConfiguredStack {
  readonly project: string;
  readonly stack: string;
  /** Absolute path of the project's folder. */
  readonly directory: string;
  /** `config:` of berth.yaml; absent: any value may be there. */
  readonly schema: ConfigSchema | undefined;
  /** Key of the stack's state; a first secret in the file is encrypted with it, too. */
  readonly stateKey: () => Promise<SecretsKey | undefined>;
  readonly openSecrets: (recorded: SecretsKey | undefined) => Secrets;
}

/** A value as it stands in the stack's file, or a default of berth.yaml. */
export interface ConfigEntry {
  /** Without the project's own name before it. */
  readonly key: string;
  /** Of a secret: its ciphertext. */
  readonly value: Json;
  readonly secret: boolean;
  readonly from: "stack" | "default";
  /** Where its key stands. */
  readonly site?: SourceSite;
}

/** A stack's file as it was read. */
interface ReadConfiguration {
  readonly entries: readonly ConfigEntry[];
  /** Where a value stands in the file, or a part of it, or its key. */
  readonly site: Checkable["site"];
}

/** The configuration of one stack: its file, held to the schema in berth.yaml. */
export class StackConfiguration {
  readonly #of: ConfiguredStack;

  constructor({ schema, ...of }: ConfiguredStack) {
    const entries = Object.entries(schema ?? {}).map(
      ([key, each]) => [shortKey(of.project, key), each] as const,
    );
    this.#of = { ...of, schema: schema && Object.fromEntries(entries) };
  }

  /** What the file says and what is default, sorted by key; not checked against the schema. @throws BERTH7202, BERTH7203, BERTH7207 */
  async entries(): Promise<readonly ConfigEntry[]> {
    return (await this.#read()).entries;
  }

  /**
   * Values for the program, by full key: all that is wrong is said at once.
   *
   * @param over - values that count more than the file's
   * @param unreadable - what becomes of secrets whose key is not at hand: `seal` makes them unknown, `refuse` is a problem
   * @throws BERTH7202, BERTH7203, BERTH7207 to BERTH7212
   */
  async values(over: ConfigValues, unreadable: "seal" | "refuse"): Promise<ConfigValues> {
    const { project, schema } = this.#of;
    const overridden = new Set(Object.keys(over).map((key) => shortKey(project, key)));
    const file = await this.#read();
    const entries = file.entries.filter((each) => !overridden.has(each.key));
    const [values, problems] = await this.#opened(entries, unreadable);
    for (const [key, value] of Object.entries(over)) values.set(shortKey(project, key), value);
    if (schema) problems.push(...this.#schemaProblems(schema, values, file.site));
    if (problems.length > 0) throw new BerthError(problems);
    return namespaced(project, Object.fromEntries(values));
  }

  async #read(): Promise<ReadConfiguration> {
    const { directory, stack, project, schema = {} } = this.#of;
    const file = await readStackFile(directory, stack);
    const given = new Map<string, ConfigEntry>();
    const places = new Map<string, string>();
    const problems: Problem[] = [];
    for (const [written, value] of Object.entries(file?.value.config ?? {})) {
      const key = shortKey(project, written);
      const site = file?.site(["config", written], "key");
      const wrong = keyProblem(written, site) ?? (given.has(key) ? twice(key, site) : undefined);
      if (wrong) problems.push(wrong);
      places.set(key, written);
      given.set(key, { key, value, secret: isEncryptedValue(value), from: "stack", ...(site && { site }) });
    }
    throwIfErrors(problems);
    for (const [key, property] of Object.entries(schema)) {
      if (property.default !== undefined && !given.has(key))
        given.set(key, { key, value: property.default, secret: false, from: "default" });
    }
    return {
      entries: [...given.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1)),
      site: ([key = "", ...rest], part) => {
        const place = places.get(key);
        return place === undefined ? undefined : file?.site(["config", place, ...rest], part);
      },
    };
  }

  /** The plaintext of a value; `undefined` where there is none. @throws BERTH7212 */
  async plaintext(entry: ConfigEntry): Promise<Json> {
    if (!isEncryptedValue(entry.value)) return entry.value;
    const secrets = this.#of.openSecrets(await this.secretsKey());
    const plaintext = secrets.decrypt(entry.value);
    if (plaintext !== undefined) return plaintext;
    throw new BerthError([unreadableProblem(entry)]);
  }

  /**
   * Sets a value in the stack's file, encrypted where it is to be secret or the schema says so. A secret that is as it was
   * keeps its ciphertext.
   *
   * @throws BERTH7207 for a key that can't be one, BERTH7208 and BERTH7210 for what the schema refuses; BERTH4021
   */
  async set(written: string, value: Json, { secret = false } = {}): Promise<void> {
    const { project, directory, stack, schema = {} } = this.#of;
    const key = shortKey(project, checkKey(written));
    const isSecret = secret || schema[key]?.secret === true;
    const problems = this.#of.schema
      ? [
          ...present(unknownKeyProblem(schema, key)),
          ...valueProblems(schema, {
            values: { [key]: value },
            secret: new Set(isSecret ? [key] : []),
            site: () => undefined,
          }),
        ]
      : [];
    if (problems.length > 0) throw new BerthError(problems);
    const file = await readStackFile(directory, stack);
    const known = file?.value.config ?? {};
    const place = Object.hasOwn(known, fullKey(project, key)) ? fullKey(project, key) : key;
    if (!isSecret) return writeStackFile(directory, stack, { config: { [place]: value } });
    const secrets = this.#of.openSecrets(file?.value.secrets ?? (await this.#of.stateKey()));
    const before = known[place];
    if (isEncryptedValue(before) && secrets.digest(value) === before.digest) return;
    const encrypted = secrets.encrypt(value);
    const { key: used } = secrets;
    await writeStackFile(directory, stack, {
      config: { [place]: { ...encrypted } },
      ...(used && !file?.value.secrets && { secrets: used }),
    });
  }

  /** Removes a value from the stack's file. @throws BERTH7211 where it has none of that key */
  async remove(written: string): Promise<void> {
    const { project, directory, stack } = this.#of;
    const known = Object.keys((await readStackFile(directory, stack))?.value.config ?? {});
    const place = known.find((each) => shortKey(project, each) === shortKey(project, written));
    if (place === undefined) throw missingEntry(stack, written, known);
    await writeStackFile(directory, stack, { config: { [place]: undefined } });
  }

  /** Which key the file's secrets are encrypted with; absent while it holds none. */
  async secretsKey(): Promise<SecretsKey | undefined> {
    const { directory, stack } = this.#of;
    return (await readStackFile(directory, stack))?.value.secrets;
  }

  async #opened(
    entries: readonly ConfigEntry[],
    unreadable: "seal" | "refuse",
  ): Promise<[Map<string, Value>, Problem[]]> {
    const { project, schema = {} } = this.#of;
    const [values, problems] = [new Map<string, Value>(), new Array<Problem>()];
    const isAny = entries.some((each) => each.secret);
    const key = isAny ? await this.secretsKey() : undefined;
    const secrets = isAny ? this.#of.openSecrets(key) : undefined;
    for (const entry of entries) {
      if (!isEncryptedValue(entry.value)) {
        if (schema[entry.key]?.secret === true) problems.push(plaintextProblem(entry));
        values.set(entry.key, entry.value);
        continue;
      }
      const plaintext = secrets?.decrypt(entry.value);
      if (plaintext !== undefined) values.set(entry.key, new Secret(plaintext));
      else {
        if (unreadable === "refuse") problems.push(unreadableProblem(entry));
        values.set(entry.key, await this.#sealed(fullKey(project, entry.key), entry.value.digest, key));
      }
    }
    return [values, problems];
  }

  /** Digests can be compared where state and file have the same key. */
  async #sealed(key: string, digest: string, fileKey: SecretsKey | undefined): Promise<Value> {
    const name = `the configuration value ${key}`;
    const stateKey = await this.#of.stateKey();
    const isSame = stateKey === undefined || stateKey.check === fileKey?.check;
    return isSame ? new SealedSecret(name, digest) : new Unknown([{ urn: name, path: "" }], true);
  }

  #schemaProblems(
    schema: ConfigSchema,
    values: ReadonlyMap<string, Value>,
    site: ReadConfiguration["site"],
  ): readonly Problem[] {
    const { stack } = this.#of;
    const plain: Record<string, Json> = {};
    const secret = new Set<string>();
    for (const [key, value] of values) {
      if (value instanceof Unknown) continue;
      if (value instanceof Secret) secret.add(key);
      plain[key] = (value instanceof Secret ? value.reveal() : value) as Json;
    }
    return [
      ...[...values.keys()].flatMap((key) => present(unknownKeyProblem(schema, key, site([key], "key")))),
      ...valueProblems(schema, { values: plain, secret, site }),
      ...missingProblems(schema, new Set(values.keys()), stackFileName(stack)),
    ];
  }
}

/** @returns BERTH7211 with the nearest key */
export function missingEntry(stack: string, key: string, known: readonly string[]): BerthError {
  const near = nearest(key, known);
  const message = `the stack ${stack} has no configuration value ${JSON.stringify(key)}`;
  const hint =
    near === undefined
      ? "`berth config list` names those that it has"
      : `did you mean ${JSON.stringify(near)}?`;
  return new BerthError([problem(codes.BERTH7211, { message, hint })]);
}

function twice(key: string, site: SourceSite | undefined): Problem {
  const message = `the configuration value ${key} is there twice, with and without the project's name`;
  return problem(codes.BERTH7207, { message, hint: "remove one of them", ...(site && { site }) });
}

function plaintextProblem({ key, site }: ConfigEntry): Problem {
  const message = `the configuration value ${key} is a secret, and stands in the file in plaintext`;
  const hint = `berth config set ${key} --secret, and think of it as known to everybody who could read the file`;
  return problem(codes.BERTH7208, { message, hint, ...(site && { site }) });
}

function unreadableProblem({ key, site }: ConfigEntry): Problem {
  const message = `the configuration value ${key} is a secret that cannot be read: its key is not at hand, or is another one`;
  return problem(codes.BERTH7212, { message, ...(site && { site }) });
}

function present<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}
