import {
  defineResource,
  type JsonObject,
  type Provider,
  type ProviderRequest,
  type ProviderResult,
  type ReadResult,
  revealSecrets,
  Secret,
  type ValueObject,
} from "@berth/core";
import { BerthError, defineCodes, problem } from "@berth/diagnostics";

const text = { type: "string" } as const;

const codes = defineCodes({
  BERTH6995: { title: "Leaky", explanation: "A provider that tells all it knows.", remedy: "None." },
});

/** A thing whose provider does with secrets all that real ones have been seen to do. */
export const Vault = defineResource<
  {
    name: string;
    key?: string;
    plain?: string;
    list?: readonly string[];
    nested?: { readonly deep?: string };
    fails?: string;
  },
  { id: string; token: string; echo: string }
>({
  type: "leaky:Vault",
  provider: "leaky",
  inputs: {
    name: { ...text, immutable: "a vault cannot be renamed" },
    key: { schema: { ...text, secret: true }, optional: true },
    plain: { schema: text, optional: true },
    list: { schema: { type: "array", items: text }, optional: true },
    nested: {
      schema: { type: "object", properties: { deep: text }, additionalProperties: false },
      optional: true,
    },
    fails: { schema: text, optional: true },
  },
  outputs: {
    id: { ...text, immutable: "an id is for life" },
    token: { ...text, secret: true },
    /** What was sent, as the API answers it: in plain text. */
    echo: text,
  },
  identity: ({ name }) => (typeof name === "string" ? `vault ${name}` : undefined),
});

/** An account of {@link Vault}s, with a password. */
export const Account = defineResource<{ login: string; password: string }, object>({
  type: "leaky:Account",
  provider: "leaky",
  isProvider: true,
  inputs: {
    login: { ...text, immutable: "another login is another account" },
    password: { ...text, secret: true },
  },
  outputs: {},
});

/** Every way in which a text may stand in another. */
export function formsOf(plaintext: string): readonly string[] {
  const base64 = Buffer.from(plaintext).toString("base64");
  return [
    plaintext,
    base64,
    base64.replace(/=+$/, ""),
    encodeURIComponent(plaintext),
    JSON.stringify(plaintext),
  ];
}

/** A provider that repeats secrets in progress, errors and answers. */
export class LeakyProvider implements Provider {
  readonly name = "leaky";
  readonly #things: Map<string, JsonObject>;

  constructor(things: Map<string, JsonObject>) {
    this.#things = things;
  }

  async create(request: ProviderRequest): Promise<ProviderResult> {
    return this.#put(request);
  }

  async update(request: ProviderRequest): Promise<ProviderResult> {
    return this.#put(request);
  }

  async delete({ id }: Parameters<Provider["delete"]>[0]): Promise<void> {
    this.#things.delete(id);
  }

  async read({ id, inputs, ownership }: Parameters<Provider["read"]>[0]): Promise<ReadResult | undefined> {
    const key = id ?? `vaults/${String(inputs["name"])}`;
    const thing = this.#things.get(key);
    return thing && { ...resultOf(key, thing), ours: ownership !== undefined, inputs: thing };
  }

  #put({ inputs, configuration, progress }: ProviderRequest): ProviderResult {
    // The provider knows plaintexts: that is what it is given them for.
    const sent = revealSecrets(inputs) as JsonObject;
    const all = tell(sent, configuration);
    progress?.(`sending ${all}`);
    const fails = sent["fails"];
    if (fails === "coded") throw new BerthError([problem(codes.BERTH6995, { message: all, hint: all })]);
    if (fails === "plain") throw new Error(`400 Bad Request: ${all}`);
    const id = `vaults/${String(sent["name"])}`;
    this.#things.set(id, sent);
    if (fails === "late") throw new Error(`connection reset while sending ${all}`);
    return resultOf(id, sent);
  }
}

function resultOf(id: string, thing: JsonObject): ProviderResult {
  const echo = JSON.stringify(thing);
  // The generated marker is told from those of the program, so that the test knows that it looked at it.
  return { id, outputs: { id, token: new Secret(`generated-token-of-${String(thing["name"])}`), echo } };
}

function tell(sent: JsonObject, configuration: ValueObject | undefined): string {
  const known = JSON.stringify({
    ...sent,
    ...(configuration && (revealSecrets(configuration) as JsonObject)),
  });
  const values = Object.values(sent).filter((each) => typeof each === "string");
  return [known, ...values.flatMap(formsOf)].join(" ");
}
