// The one module that touches Reflect. Two copies of reflect-metadata share one registry, so a
// program's own copy does no harm; the lite build is the same without polyfills for old engines.
import "reflect-metadata/lite";
import type { ResourceDefinition, Schema } from "./definition.ts";

/** What a property decorator recorded. */
export interface PropertyRecord {
  readonly direction: "input" | "output";
  readonly property: string;
  readonly schema: Schema;
  readonly optional: boolean;
}

/** What a class stands for: a resource type, or a component's. */
export type ClassRecord =
  | { readonly kind: "resource"; readonly definition: ResourceDefinition }
  | { readonly kind: "component"; readonly definition: ComponentDefinition };

/** What berth knows of a component type: a name around resources, with checked inputs. */
export interface ComponentDefinition {
  /** `acme:Store` */
  readonly type: string;
  /** Closed object schema of the inputs; `default`s are filled in. */
  readonly inputs: Schema;
  /** What its constructor declares is shown at the line where the component is declared, not inside it. */
  readonly opaque: boolean;
}

const propertiesKey = Symbol.for("berth.properties");
const classKey = Symbol.for("berth.class");

/** Records a property on the prototype that declares it. */
export function recordProperty(prototype: object, record: PropertyRecord): void {
  const own = Reflect.getOwnMetadata(propertiesKey, prototype) as PropertyRecord[] | undefined;
  if (own) own.push(record);
  else Reflect.defineMetadata(propertiesKey, [record], prototype);
}

/** Properties that this very prototype declares, without those that it inherits. */
export function ownProperties(prototype: object): readonly PropertyRecord[] {
  return (Reflect.getOwnMetadata(propertiesKey, prototype) as PropertyRecord[] | undefined) ?? [];
}

/** Properties of a class, the base classes' first; a redeclared property replaces the inherited one. */
export function allProperties(prototype: object): readonly PropertyRecord[] {
  const found = new Map<string, PropertyRecord>();
  for (const each of chain(prototype).toReversed()) {
    for (const record of ownProperties(each)) found.set(`${record.direction} ${record.property}`, record);
  }
  return [...found.values()];
}

function chain(prototype: object): readonly object[] {
  const links: object[] = [];
  for (let each: object | null = prototype; each && each !== Object.prototype;) {
    links.push(each);
    each = Object.getPrototypeOf(each) as object | null;
  }
  return links;
}

export function recordClass(target: object, record: ClassRecord): void {
  Reflect.defineMetadata(classKey, record, target);
}

/** What the class stands for, by itself or through its base class. */
export function classRecordOf(target: object): ClassRecord | undefined {
  return Reflect.getMetadata(classKey, target) as ClassRecord | undefined;
}

/** What the class itself was recorded as; `undefined` where only a base class was. */
export function ownClassRecordOf(target: object): ClassRecord | undefined {
  return Reflect.getOwnMetadata(classKey, target) as ClassRecord | undefined;
}

/** What the compiler says of a property's type, as far as compilers agree. */
export type DesignType = "string" | "number" | "boolean" | "array" | "nothing" | "absent";

/**
 * tsc and oxc agree on constructors of primitives and lists, and on little else (aliases, enums
 * and imported types differ), so everything else says nothing. `absent`: the compiler emitted no metadata.
 */
export function designTypeOf(prototype: object, property: string): DesignType {
  const type: unknown = Reflect.getMetadata("design:type", prototype, property);
  if (type === undefined) return "absent";
  if (type === String) return "string";
  if (type === Number) return "number";
  if (type === Boolean) return "boolean";
  if (type === Array) return "array";
  return "nothing";
}
