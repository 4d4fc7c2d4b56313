import { BerthError, nearest, problem } from "@berth/diagnostics";
import { ResourceType } from "./class-decorators.ts";
import { coreCodes } from "./codes.ts";
import { activeContext } from "./context.ts";
import { declarationOf } from "./declared.ts";
import { recordProperty } from "./metadata.ts";
import { outputOf } from "./output-handle.ts";
import type { ApplyNode, OutputNode } from "./output-node.ts";
import type { ResourceOptions } from "./options.ts";
import type { Output } from "./output-type.ts";
import { Resource } from "./resource.ts";
import { siteOfCall } from "./site.ts";

/** Which stack a {@link StackReference} reads. */
export interface StackReferenceInputs {
  /** Name of the stack. */
  readonly stack: string;
  /** Folder of its project, as seen from this project's folder: `../network`. This project where nothing is said. */
  readonly project?: string;
}

/**
 * The outputs of another stack, or of this one as they were last applied. They are read before planning, and kept with
 * this stack's state: previews without a network know them. Secrets stay secret; the other stack's key is needed to
 * read them.
 *
 * @typeParam O - the other stack's outputs, as its program returns them
 * @example
 * const network = new StackReference<{ subnetId: string }>("network", { stack: "prod", project: "../network" });
 * new azure.ManagedCluster("shop", { systemPool: { vnetSubnetId: network.requireOutput("subnetId"), … }, … });
 */
export class StackReference<
  O extends object = Readonly<Record<string, unknown>>,
> extends Resource<StackReferenceInputs> {
  /** All outputs. What is computed from them together is secret where one of them is. */
  declare readonly outputs: Output<O>;
  /** Names of the outputs, sorted. */
  declare readonly names: Output<readonly string[]>;

  // The inherited constructor's inputs would be read as those of any resource.
  // oxlint-disable-next-line no-useless-constructor -- its TSDoc and types are what programs see
  constructor(name: string, inputs: StackReferenceInputs, options?: ResourceOptions) {
    super(name, inputs, options);
  }

  /** An output of the other stack; nothing where it has none of that name. */
  getOutput<K extends keyof O & string>(name: K): Output<O[K]> {
    return outputOf(this.#property("outputs", name));
  }

  /**
   * An output that the other stack must have.
   *
   * @throws BERTH1046 in the plan, at this line, with the nearest name, where it has none of that name
   */
  requireOutput<K extends keyof O & string>(name: K): Output<O[K]> {
    const names = this.#property("names");
    const raw = siteOfCall(this.requireOutput);
    const site = activeContext()?.mapSite(raw);
    const check = (known: unknown): boolean => requireName(name, known, this);
    const { sources } = names;
    const checked: ApplyNode = { kind: "apply", of: names, callback: check, site, file: raw?.file, sources };
    const parts: readonly OutputNode[] = [checked, this.#property("outputs", name)];
    const both: OutputNode = { kind: "value", value: parts.map((each) => outputOf(each)), parts, sources };
    const second = (values: unknown): unknown => (Array.isArray(values) ? values[1] : undefined);
    return outputOf({ kind: "apply", of: both, callback: second, site, file: raw?.file, sources });
  }

  #property(...path: [string, ...string[]]): OutputNode {
    const urn = declarationOf(this)?.urn ?? "";
    return { kind: "property", urn, path, sources: [urn] };
  }
}

function requireName(name: string, known: unknown, reference: object): true {
  const names: readonly unknown[] = Array.isArray(known) ? known : [];
  if (names.includes(name)) return true;
  const texts = names.filter((each) => typeof each === "string");
  const near = nearest(name, texts);
  const message = `the stack that ${declarationOf(reference)?.name ?? "it"} refers to has no output "${name}"`;
  const others = texts.length > 0 ? `it has ${texts.join(", ")}` : "it has none; was it applied?";
  const hint = near ? `did you mean "${near}"?` : others;
  throw new BerthError([problem(coreCodes.BERTH1046, { message, hint })]);
}

/** Which stack is meant, as one text: its name, and after a space the folder of its project. */
function idOf(given: unknown): string {
  if (typeof given !== "object" || given === null) return "";
  const { stack, project } = given as Partial<Record<keyof StackReferenceInputs, unknown>>;
  if (typeof stack !== "string" || (project !== undefined && typeof project !== "string")) return "";
  return project === undefined ? stack : `${stack} ${project}`;
}

const text = { type: "string" } as const;
recordProperty(StackReference.prototype, {
  direction: "output",
  property: "outputs",
  schema: { type: "object", additionalProperties: true },
  optional: false,
});
recordProperty(StackReference.prototype, {
  direction: "output",
  property: "names",
  schema: { type: "array", items: text },
  optional: false,
});
ResourceType("berth:StackReference", { provider: "berth", reads: idOf })(StackReference);
