import {
  isEncryptedValue,
  type Json,
  type JsonObject,
  pathOfUrn,
  type Urn,
  type WrittenReference,
} from "@berth/core";
import type { FoundResource } from "@berth/engine";
import { identifiers } from "./identifier.ts";
import { type Code, code, object, printed } from "./literal.ts";

/** A program text, and what it declares. */
export interface ProgramText {
  readonly text: string;
  readonly resources: readonly { readonly type: string; readonly name: string; readonly id: string }[];
}

/** A resource as it will stand in the text. */
interface Declared {
  readonly found: FoundResource;
  readonly name: string;
  readonly inputs: JsonObject;
  readonly variable: string;
  readonly identity: string | undefined;
}

/**
 * The program that declares what was found, as it is, with the option `import`: its preview shows imports and nothing
 * else. Where one resource names another that was found, it takes the value from it.
 *
 * @param packages - by the first part of a type: the package to import, and by which name
 * @example programText(found, packages).text // `const store = new azure.ResourceGroup("store", { … }, { import: "…" });`
 */
export function programText(
  found: readonly FoundResource[],
  packages: ReadonlyMap<string, PackageName>,
): ProgramText {
  const declared = declare(found);
  const writer = new Writer(declared, packages);
  const statements = inOrder(declared).map((each) => writer.statement(each));
  const used = new Set(declared.map(({ found: { definition } }) => prefixOf(definition.type)));
  const imports = [...packages].flatMap(([prefix, { from, as }]) =>
    used.has(prefix) ? [`import * as ${as} from ${JSON.stringify(from)};\n`] : [],
  );
  const text = declared.length === 0 ? "" : `${imports.join("")}\n${statements.join("\n")}`;
  const resources = declared.map(({ found: { definition, id }, name }) => ({
    type: definition.type,
    name,
    id,
  }));
  return { text, resources };
}

/** How programs import the package that a type comes from. */
export interface PackageName {
  readonly from: string;
  readonly as: string;
}

function declare(found: readonly FoundResource[]): readonly Declared[] {
  const names = logicalNames(found);
  const variables = identifiers(
    found.map((each, i) => [names[i] ?? "", kindOf(each.definition.type)] as const),
  );
  return found.map((each, i) => {
    const { definition, id, inputs: live } = each;
    const inputs = definition.written?.(live, id) ?? {};
    const told = Object.fromEntries(Object.entries(live).filter(([, value]) => value !== null));
    return {
      found: each,
      name: names[i] ?? "",
      inputs,
      variable: variables[i] ?? "",
      identity: identityOf(definition.type, definition.identity?.(told), each.cluster),
    };
  });
}

function identityOf(
  type: string,
  identity: string | undefined,
  cluster: Urn | undefined,
): string | undefined {
  return identity === undefined ? undefined : `${type} ${cluster ?? ""} ${identity}`;
}

/** The physical name; with what it is in before it where two of a type would have one. */
function logicalNames(found: readonly FoundResource[]): readonly string[] {
  const taken = new Set<string>();
  const isFree = (type: string, name: string): boolean => !taken.has(`${type} ${name}`);
  return found.map(({ definition: { type }, id, name }) => {
    const parts = id.split(/[/ ]/).filter(Boolean);
    const short = name ?? parts.at(-1) ?? "resource";
    const long = [parts.at(-2), short].join("-");
    let chosen = isFree(type, short) ? short : long;
    for (let i = 2; !isFree(type, chosen); i++) chosen = `${long}-${i}`;
    taken.add(`${type} ${chosen}`);
    return chosen;
  });
}

class Writer {
  readonly #declared: readonly Declared[];
  readonly #packages: ReadonlyMap<string, PackageName>;
  readonly #byIdentity: ReadonlyMap<string, Declared>;
  readonly #byId: ReadonlyMap<string, Declared>;
  readonly #clusters: ReadonlySet<Urn>;
  readonly #mentioned: ReadonlySet<Declared>;

  constructor(declared: readonly Declared[], packages: ReadonlyMap<string, PackageName>) {
    this.#declared = declared;
    this.#packages = packages;
    this.#byIdentity = new Map(
      declared.flatMap((each) => (each.identity === undefined ? [] : [[each.identity, each]])),
    );
    this.#byId = new Map(
      declared.flatMap((each) =>
        "id" in each.found.definition.outputs ? [[each.found.id.toLowerCase(), each] as const] : [],
      ),
    );
    this.#clusters = new Set(
      declared.flatMap(({ found: { cluster } }) => (cluster === undefined ? [] : [cluster])),
    );
    this.#mentioned = new Set(declared.flatMap((each) => this.needs(each)));
  }

  statement(declared: Declared): string {
    const { found, name, inputs, variable } = declared;
    const options: [string, Code][] = [["import", code(JSON.stringify(found.id))]];
    if (found.cluster !== undefined && this.#clusters.size > 1)
      options.push(["cluster", code(identifiers([[pathOfUrn(found.cluster), "cluster"]])[0] ?? "")]);
    const given = this.#value(ownName(inputs, name), declared);
    const created = `new ${this.#className(found.definition.type)}`;
    const target = this.#mentioned.has(declared) ? `const ${variable} = ` : "";
    const call = printed(`${target}${created}(`, [code(JSON.stringify(name)), given, object(options)], ");");
    return `${call}\n`;
  }

  /** What stands before it, because it takes values from it. */
  needs(declared: Declared): readonly Declared[] {
    const found: Declared[] = [];
    const visit = (value: Json): void => {
      const other = this.#other(value, declared);
      if (other) found.push(other);
      else if (typeof value === "object" && value !== null && !isReference(value))
        for (const each of Object.values(value) as readonly Json[]) visit(each);
    };
    visit(declared.inputs);
    return found;
  }

  #other(value: Json, declared: Declared): Declared | undefined {
    if (typeof value === "string") {
      const named = this.#byId.get(value.toLowerCase());
      return named === declared ? undefined : named;
    }
    if (!isReference(value)) return undefined;
    const { type, inputs } = value;
    const definition = this.#declared.find((each) => each.found.definition.type === type)?.found.definition;
    const { onCluster = false } = definition ?? {};
    const cluster = onCluster ? declared.found.cluster : undefined;
    const identity = identityOf(type, definition?.identity?.(inputs), cluster);
    return identity === undefined ? undefined : this.#byIdentity.get(identity);
  }

  #value(value: Json, declared: Declared): Code {
    const other = this.#other(value, declared);
    if (isReference(value)) return this.#reference(value, other);
    if (other) return code(`${other.variable}.id`);
    if (typeof value !== "object" || value === null || isEncryptedValue(value))
      return code(JSON.stringify(value));
    if (Array.isArray(value)) return { list: value.map((each: Json) => this.#value(each, declared)) };
    return object(Object.entries(value).map(([key, each]) => [key, this.#value(each, declared)]));
  }

  #reference({ type, property, otherwise }: WrittenReference, other: Declared | undefined): Code {
    if (other) return code(property === undefined ? other.variable : `${other.variable}.${property}`);
    if (property !== undefined) return code(JSON.stringify(otherwise));
    // The resource itself is wanted, and is not among what is declared here.
    const id = typeof otherwise === "string" ? otherwise : "";
    const name = id.split("/").at(-1) ?? id;
    return code(`${this.#className(type)}.get(${JSON.stringify(name)}, ${JSON.stringify(id)})`);
  }

  #className(type: string): string {
    const known = this.#packages.get(prefixOf(type));
    return `${known?.as ?? prefixOf(type)}.${kindOf(type)}`;
  }
}

/** Without the physical name where it is the logical one, which constructors take. */
function ownName(inputs: JsonObject, name: string): JsonObject {
  const { name: own, metadata, ...rest } = inputs;
  if (own === name) return { ...rest, ...(metadata !== undefined && { metadata }) };
  if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata)) return inputs;
  const { name: given, ...others } = metadata as JsonObject;
  if (given !== name) return inputs;
  return Object.keys(others).length === 0 ? rest : { metadata: others, ...rest };
}

/** Each after what it takes values from, and otherwise as it was found. */
function inOrder(declared: readonly Declared[]): readonly Declared[] {
  const writer = new Writer(declared, new Map());
  const ordered = new Set<Declared>();
  const visit = (each: Declared, above: ReadonlySet<Declared>): void => {
    if (ordered.has(each) || above.has(each)) return;
    for (const other of writer.needs(each)) visit(other, new Set([...above, each]));
    ordered.add(each);
  };
  for (const each of declared) visit(each, new Set());
  return [...ordered];
}

function isReference(value: Json | undefined): value is WrittenReference {
  return typeof value === "object" && value !== null && "$berth" in value && value["$berth"] === "reference";
}

function prefixOf(type: string): string {
  return type.split(":")[0] ?? type;
}

function kindOf(type: string): string {
  return type.split(":").at(-1) ?? type;
}
