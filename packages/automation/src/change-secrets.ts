import { isEncryptedValue, type Json, type SecretsKey, type StackState } from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import { type KeySource, openSecrets, type Secrets, type StateBackend, stateCodes } from "@berth/state";
import { readStackFile, writeStackFile } from "./project/stack-file.ts";

/** What a stack's secrets are to be encrypted with from now on. */
export type SecretsTarget = { readonly passphrase: string } | "key-file";

/** Of which stack, and where its key file is. */
export interface SecretsOwner {
  readonly stack: string;
  /** Absolute path of the project's folder. */
  readonly directory: string;
  readonly backend: StateBackend;
  readonly keyFile: string | KeySource;
  /** Opens what is encrypted until now. */
  readonly openSecrets: (recorded: SecretsKey | undefined) => Secrets;
}

/** How many secrets were encrypted anew. */
export interface ChangedSecrets {
  readonly state: number;
  readonly config: number;
}

/**
 * Encrypts a stack's secrets anew, those of its state and those of its file, with one key. Under the stack's lock; all
 * are read before the first is written. Interrupted between the two, it goes on when it is run again.
 *
 * @throws BERTH4001 while another operation runs, BERTH4020 where a secret cannot be read
 */
export async function changeSecrets(
  { stack, directory, backend, keyFile, openSecrets: openRecorded }: SecretsOwner,
  to: SecretsTarget,
): Promise<ChangedSecrets> {
  const passphrase = to === "key-file" ? undefined : to.passphrase;
  const openNew = (recorded: SecretsKey | undefined): Secrets =>
    openSecrets({ recorded, passphrase, keyFile });
  const session = await backend.lock(stack, { operation: "change-secrets" });
  try {
    const file = await readStackFile(directory, stack);
    const stateKey = session.state.secretsKey;
    // A key is derived slowly, so the same one only once.
    const fileKey = file?.value.secrets?.check === stateKey?.check ? stateKey : file?.value.secrets;
    const openOld = onceEach(openRecorded);
    const done = [...new Set([stateKey, fileKey])].find(
      (key) => key && isTarget(key, to) && opens(openNew(key)),
    );
    const target = openNew(done);
    const { check } = done ?? {};
    const state =
      stateKey?.check === check && check !== undefined
        ? undefined
        : renewed(session.state, stateKey, openOld, target);
    const config =
      fileKey?.check === check && check !== undefined
        ? undefined
        : renewed(file?.value.config ?? {}, fileKey, openOld, target);
    const { key } = target;
    if (!key) return { state: 0, config: 0 };
    if (state && (state.count > 0 || stateKey)) await session.replaceAll({ ...state.value, secretsKey: key });
    if (config && config.count > 0)
      await writeStackFile(directory, stack, { config: config.value, secrets: key });
    return { state: state?.count ?? 0, config: config?.count ?? 0 };
  } finally {
    await session.release();
  }
}

function onceEach(open: SecretsOwner["openSecrets"]): SecretsOwner["openSecrets"] {
  const opened = new Map<SecretsKey | undefined, Secrets>();
  return (key) => {
    let secrets = opened.get(key);
    if (!secrets) opened.set(key, (secrets = open(key)));
    return secrets;
  };
}

function isTarget({ source }: SecretsKey, to: SecretsTarget): boolean {
  return source === (to === "key-file" ? "file" : "passphrase");
}

function opens(secrets: Secrets): boolean {
  return secrets.digest("") !== undefined;
}

interface Renewed<T> {
  readonly value: T;
  readonly count: number;
}

/** The same with every secret in it encrypted by another key. Equal secrets stay equal ciphertexts. */
function renewed(
  of: StackState,
  key: SecretsKey | undefined,
  openOld: SecretsOwner["openSecrets"],
  target: Secrets,
): Renewed<StackState>;
function renewed(
  of: Readonly<Record<string, Json>>,
  key: SecretsKey | undefined,
  openOld: SecretsOwner["openSecrets"],
  target: Secrets,
): Renewed<Readonly<Record<string, Json>>>;
function renewed(
  of: object,
  key: SecretsKey | undefined,
  openOld: SecretsOwner["openSecrets"],
  target: Secrets,
): Renewed<unknown> {
  const old = openOld(key);
  const known = new Map<string, Json>();
  let count = 0;
  const value: unknown = JSON.parse(JSON.stringify(of), (_, each: unknown) => {
    if (!isEncryptedValue(each)) return each;
    count++;
    let again = known.get(each.ciphertext);
    if (again === undefined) {
      const plaintext = old.decrypt(each);
      if (plaintext === undefined) throw unreadable();
      known.set(each.ciphertext, (again = { ...target.encrypt(plaintext) }));
    }
    return again;
  });
  return { value, count };
}

function unreadable(): BerthError {
  const message =
    "a secret of the stack cannot be read, so that it cannot be encrypted anew; nothing was changed";
  const hint =
    "set BERTH_PASSPHRASE to the passphrase that they are encrypted with now, or bring the project's key file";
  return new BerthError([problem(stateCodes.BERTH4020, { message, hint })]);
}
