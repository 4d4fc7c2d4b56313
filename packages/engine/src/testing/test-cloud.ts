import {
  type CreateRequest,
  type JsonObject,
  type Ownership,
  type Provider,
  type ProviderResult,
  type ReadResult,
  revealSecrets,
  Secret,
  type ValueObject,
} from "@berth/core";
import { BerthError, defineCodes, problem } from "@berth/diagnostics";
import { createHash } from "node:crypto";

const codes = defineCodes({
  BERTH6990: {
    title: "It exists already",
    explanation: "The tests' cloud has a thing of this name.",
    remedy: "Choose another name.",
  },
  BERTH6991: { title: "Refused", explanation: "The tests' cloud was told to refuse.", remedy: "None." },
  BERTH6992: {
    title: "It does not exist",
    explanation: "The tests' cloud has no such thing.",
    remedy: "None.",
  },
});

/** A thing as the cloud keeps it. */
export interface CloudThing {
  readonly inputs: JsonObject;
  readonly ownership: Ownership;
}

/** Where things are kept. */
export interface ThingStore {
  get(id: string): CloudThing | undefined;
  set(id: string, thing: CloudThing): void;
  delete(id: string): void;
  ids(): readonly string[];
}

/**
 * What becomes of a request: it is answered; it is refused and nothing happens; it happens and the
 * answer is lost; nothing happens and nobody knows.
 */
export type Fate = "answered" | "refused" | "answer-lost" | "request-lost";

export type CloudAction = "create" | "update" | "delete" | "read";

/** How a cloud behaves. */
export interface CloudOptions {
  readonly things?: ThingStore;
  readonly fate?: (action: CloudAction, id: string) => Fate;
  /** Awaited in the middle of each request. */
  readonly during?: (action: CloudAction, id: string) => Promise<void>;
}

/** A provider of things with everything that goes wrong with real ones, and a record of what was asked of it. */
export class TestCloud implements Provider {
  readonly name = "test";
  readonly things: ThingStore;
  /** `create things/a`, in the order in which it happened. */
  readonly log: string[] = [];
  readonly #options: CloudOptions;

  constructor(options: CloudOptions = {}) {
    this.#options = options;
    this.things = options.things ?? thingsInMemory();
  }

  async create({ inputs, ownership }: CreateRequest): Promise<ProviderResult> {
    const id = idOf(inputs);
    return this.#request("create", id, () => {
      if (this.things.get(id)) throw new BerthError([problem(codes.BERTH6990, { message: `${id} exists` })]);
      this.things.set(id, { inputs: revealed(inputs), ownership });
      return this.#result(id);
    });
  }

  async update({ id, inputs, ownership }: Parameters<Provider["update"]>[0]): Promise<ProviderResult> {
    return this.#request("update", id, () => {
      if (!this.things.get(id))
        throw new BerthError([problem(codes.BERTH6992, { message: `${id} does not exist` })]);
      this.things.set(id, { inputs: revealed(inputs), ownership });
      return this.#result(id);
    });
  }

  async delete({ id }: Parameters<Provider["delete"]>[0]): Promise<void> {
    await this.#request("delete", id, () => this.things.delete(id));
  }

  async read({
    id = "",
    inputs,
    ownership,
  }: Parameters<Provider["read"]>[0]): Promise<ReadResult | undefined> {
    const key = id || idOf(inputs);
    return this.#request("read", key, () => {
      const thing = this.things.get(key);
      if (!thing) return undefined;
      const { urn, operationKey } = thing.ownership;
      const ours = urn === ownership.urn && operationKey === ownership.operationKey;
      return { ...this.#result(key), ours, inputs: thing.inputs };
    });
  }

  async #request<T>(action: CloudAction, id: string, happen: () => T): Promise<T> {
    const fate = this.#options.fate?.(action, id) ?? "answered";
    await this.#options.during?.(action, id);
    if (fate === "refused")
      throw new BerthError([problem(codes.BERTH6991, { message: `${action} of ${id} is refused` })]);
    if (fate === "request-lost") throw new Error(`no connection for ${action} of ${id}`);
    if (action !== "read") this.log.push(`${action} ${id}`);
    const answer = happen();
    if (fate === "answer-lost") throw new Error(`the connection broke after ${action} of ${id}`);
    return answer;
  }

  #result(id: string): ProviderResult {
    const { inputs } = this.things.get(id)!;
    const version = createHash("sha256").update(JSON.stringify(inputs)).digest("hex").slice(0, 8);
    return { id, outputs: { id, version, token: new Secret(`token-of-${version}`) } };
  }
}

function idOf(inputs: ValueObject): string {
  return `things/${String(inputs["name"])}`;
}

function revealed(inputs: ValueObject): JsonObject {
  // All inputs are known when a step runs.
  return revealSecrets(inputs) as JsonObject;
}

export function thingsInMemory(): ThingStore {
  const things = new Map<string, CloudThing>();
  return {
    get: (id) => things.get(id),
    set: (id, thing) => things.set(id, thing),
    delete: (id) => things.delete(id),
    ids: () => [...things.keys()].toSorted(),
  };
}
