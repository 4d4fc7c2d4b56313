import { BerthError, problem } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import type { Declaration } from "./declaration.ts";
import { declarationOf } from "./declared.ts";
import type { ResourceDefinition } from "./definition.ts";
import { allProperties, classRecordOf, type ComponentDefinition, recordClass } from "./metadata.ts";
import { outputOf } from "./output-handle.ts";
import { closeSchema, objectSchema } from "./schema.ts";

/** Everything of a definition that properties' decorators do not say. */
export type ResourceTypeOptions = Omit<ResourceDefinition, "type" | "inputs" | "outputs" | "onCluster"> & {
  /** Whether the resource lives on a Kubernetes cluster; `false` by default. */
  readonly onCluster?: boolean;
};

/**
 * Declares a class as a resource type. What it does not say is taken from the definition of the
 * class that it extends, and properties add up.
 *
 * @example
 * \@ResourceType("azure:ResourceGroup", { provider: "azure" })
 * class ResourceGroup extends Resource<ResourceGroupInputs> {
 *   \@Input({ type: "string" }) declare readonly location: Output<string>;
 *   \@Output({ type: "string" }) declare readonly id: Output<string>;
 * }
 * new ResourceGroup("store", { location: "westeurope" });
 * @throws BERTH1023 where type or schemas are not sound
 */
export function ResourceType(type: string, options: ResourceTypeOptions): (target: NewableFunction) => void {
  return (target) => {
    checkType(type);
    const records = allProperties(prototypeOf(target));
    const inputs = records.filter((each) => each.direction === "input");
    const outputs = records.filter((each) => each.direction === "output");
    const inherited = classRecordOf(target);
    const definition: ResourceDefinition = Object.freeze({
      ...(inherited?.kind === "resource" ? inherited.definition : { onCluster: false }),
      ...options,
      type,
      inputs: objectSchema(type, inputs),
      outputs: Object.freeze(
        Object.fromEntries(
          outputs.map((each) => [each.property, closeSchema(type, each.schema, [each.property])]),
        ),
      ),
    });
    recordClass(target, { kind: "resource", definition });
    readBack(
      target,
      records.map((each) => each.property),
      (declaration, property) =>
        outputOf({ kind: "property", urn: declaration.urn, path: [property], sources: [declaration.urn] }),
    );
  };
}

/** Of a component type. */
export interface ComponentTypeOptions {
  /** What its constructor declares is shown at the line where the component is declared, not at lines inside it. */
  readonly opaque?: boolean;
}

/**
 * Declares a class as a component type: a name around resources, with inputs that are checked
 * like a resource's and read back as they were given, defaults filled in.
 *
 * @example
 * \@ComponentType("acme:Store")
 * class Store extends Component<StoreInputs> {
 *   \@Input({ type: "integer", default: 2 }) declare readonly replicas: Input<number>;
 *   \@Input({ resource: true }) declare readonly cluster: k8s.Cluster;
 *   constructor(name: string, inputs: StoreInputs, options?: ResourceOptions) {
 *     super(name, inputs, options);
 *     new Deployment("front", { … this.replicas … }, { parent: this });
 *   }
 * }
 */
export function ComponentType(
  type: string,
  { opaque = false }: ComponentTypeOptions = {},
): (target: NewableFunction) => void {
  return (target) => {
    checkType(type);
    const records = allProperties(prototypeOf(target)).filter((each) => each.direction === "input");
    const definition: ComponentDefinition = Object.freeze({
      type,
      inputs: objectSchema(type, records),
      opaque,
    });
    recordClass(target, { kind: "component", definition });
    readBack(
      target,
      records.map((each) => each.property),
      (declaration, property) => declaration.inputs[property],
    );
  };
}

/**
 * The definition of a resource class.
 *
 * @example const azureDefinitions = [ResourceGroup, VirtualNetwork].map(definitionOf);
 * @throws BERTH1019 where the class has none
 */
export function definitionOf(target: NewableFunction): ResourceDefinition {
  const record = classRecordOf(target);
  if (record?.kind === "resource") return record.definition;
  throw new BerthError([
    problem(coreCodes.BERTH1019, { message: `the class ${target.name} is no resource type` }),
  ]);
}

function checkType(type: string): void {
  if (/^[\w.-]+:[\w.-]+$/.test(type)) return;
  const message = `"${type}" is no resource type: a type is package and kind, such as "acme:Store"`;
  throw new BerthError([problem(coreCodes.BERTH1023, { message })]);
}

function prototypeOf(target: NewableFunction): object {
  return target.prototype as object;
}

/** Properties of the class are read from the declaration, by accessors on the prototype. */
function readBack(
  target: NewableFunction,
  properties: readonly string[],
  read: (declaration: Declaration, property: string) => unknown,
): void {
  for (const property of properties) {
    Object.defineProperty(prototypeOf(target), property, {
      configurable: true,
      get(this: object) {
        const declaration = declarationOf(this);
        return declaration && read(declaration, property);
      },
      set(this: object) {
        throw new BerthError([hiddenProperty(this, property)]);
      },
    });
  }
}

/** A class field that hides a decorated property. */
export function hiddenProperty(instance: object, property: string) {
  const declaration = declarationOf(instance);
  return problem(coreCodes.BERTH1022, {
    message: `the property ${property} of ${instance.constructor.name} was overwritten by a class field`,
    hint: `write \`declare readonly ${property}\`, without an initialiser`,
    path: property,
    ...(declaration && { resource: declaration.urn }),
    ...(declaration?.site && { site: declaration.site }),
  });
}
