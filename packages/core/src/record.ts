import type { Json, JsonObject, Urn } from "./json.ts";
import type { Timeouts } from "./options.ts";

/**
 * What the last operation applied for one resource, as it stands in the state. Plain JSON:
 * secrets are {@link EncryptedValue}s in it. Times and resource versions are not part of it.
 */
export interface ResourceRecord {
  readonly urn: Urn;
  readonly type: string;
  readonly provider: string;
  /** Physical id that the provider gave: an ARM id, `apps/v1/Deployment/default/web`. */
  readonly id: string;
  /** Inputs as they were sent, normalised, `assigned` merged in. */
  readonly inputs: JsonObject;
  readonly outputs: JsonObject;
  /** Values that the planner chose (static cluster IPs), by property path; merged into desired before the diff. */
  readonly assigned: Readonly<Record<string, Json>>;
  /** All resources this one needs: from inputs, `dependsOn`, parent, cluster. Sorted. */
  readonly dependencies: readonly Urn[];
  /** Which resources each top-level input took values from. */
  readonly references: Readonly<Record<string, readonly Urn[]>>;
  readonly parent?: Urn;
  readonly cluster?: Urn;
  /**
   * URN of the provider resource that the program named for it (`{ provider }`): one of its dependencies, whose recorded
   * inputs are the configuration with which it was made and will be deleted. Absent: the provider's defaults.
   */
  readonly providerResource?: Urn;
  readonly protect: boolean;
  /** Idempotency key of the create that made it; written on the resource as tag or annotation. */
  readonly operationKey: string;
  /** What options say that operations need which do not run the program. Absent: nothing. */
  readonly options?: RecordedOptions;
  /** It was only read (`X.get`): the stack did not make it, and never deletes it. */
  readonly external?: true;
  /** How often it was replaced: what `{generation}` in its physical name stands for. Absent: never. */
  readonly generation?: number;
}

/** Options as they are kept with a record. Absent: not said. */
export type RecordedOptions = {
  readonly retainOnDelete?: true;
  readonly deletedWith?: Urn;
  readonly customTimeouts?: Timeouts;
  /** Secrets in it are encrypted. */
  readonly replacementTrigger?: Json;
  readonly additionalSecretOutputs?: readonly string[];
  /** Names of hooks that a deletion calls, which only the program has, in the order in which they are called. */
  readonly deleteHooks?: { readonly before?: readonly string[]; readonly after?: readonly string[] };
};

/** A secret at rest. */
export interface EncryptedValue {
  readonly $berth: "secret";
  /** AES-256-GCM: `v1:{nonce}:{ciphertext}:{tag}`, base64. */
  readonly ciphertext: string;
  /** Keyed digest (HMAC-SHA-256) of the plaintext, so that equality can be told without decrypting. */
  readonly digest: string;
}

/**
 * Whether JSON is a secret at rest, whole: what only looks like one is plain JSON.
 *
 * @example isEncryptedValue({ $berth: "secret", ciphertext: "…", digest: "…" }) // true
 */
export function isEncryptedValue(value: unknown): value is EncryptedValue {
  if (typeof value !== "object" || value === null) return false;
  if (!("$berth" in value && "ciphertext" in value && "digest" in value)) return false;
  return (
    value.$berth === "secret" && typeof value.ciphertext === "string" && typeof value.digest === "string"
  );
}

/** The state of a stack as planner and engine see it. */
export interface StackState {
  readonly project: string;
  readonly stack: string;
  /** Grows by one with each change that is written. 0: nothing was ever written. */
  readonly serial: number;
  /** In an order in which each comes after what it depends on. */
  readonly resources: readonly ResourceRecord[];
  /**
   * What was replaced and still waits for its deletion, the oldest first. Each has the URN of the one that took its
   * place, and an operation key of its own. Absent: nothing.
   */
  readonly superseded?: readonly ResourceRecord[];
  readonly outputs: JsonObject;
  /** Operations that began and whose end is not known: a process died in between. */
  readonly pending: readonly PendingOperation[];
  /** Which key the secrets in it are encrypted with; absent while it holds none. */
  readonly secretsKey?: SecretsKey;
  /** What the last operation that went to work was for, where whoever ran it said so (`--message`). */
  readonly lastOperation?: LastOperation;
}

/** An operation, and what it was for in the words of whoever ran it. */
export type LastOperation = {
  readonly operation: "up" | "destroy" | "refresh";
  readonly message: string;
};

/** Which key encrypts a stack's secrets: enough to find it and to tell a wrong one, never the key itself. */
export interface SecretsKey {
  /** A passphrase that people know, or a file beside the project that holds random bytes. */
  readonly source: "passphrase" | "file";
  /** base64; scrypt's salt, fresh for each stack. */
  readonly salt: string;
  /** hex; tells whether a key is the right one before anything is encrypted or decrypted with it. */
  readonly check: string;
}

/** An operation that was announced in the journal before its side effect. */
export interface PendingOperation {
  readonly urn: Urn;
  readonly type: string;
  readonly action: "create" | "update" | "delete" | "import";
  readonly operationKey: string;
  /** Of a create: what is recorded under the URN stays until it is deleted, as superseded. */
  readonly supersedes?: true;
  /** Of a delete: operation key of the superseded record that it is about. */
  readonly superseded?: string;
  /** The inputs that were to be sent (secrets encrypted); absent for a delete. */
  readonly inputs?: JsonObject;
  /** The rest of the record that success would have written. */
  readonly intended?: Omit<ResourceRecord, "id" | "outputs" | "inputs">;
}

/** Nodes, pods and what else planning needs of a cluster, as observed: plain Kubernetes objects. */
export interface ClusterSnapshot {
  readonly cluster: Urn;
  /** Sorted by apiVersion, kind, namespace, name; nodes and pods in order of creation first. No secrets. */
  readonly objects: readonly JsonObject[];
}
