import { declared, inspect, refuseText } from "./declared.ts";
import { declareResource } from "./construct.ts";
import type { ResourceDeclaration } from "./declaration.ts";
import type { ResourceOptions } from "./options.ts";
import type { Input } from "./output-type.ts";

/**
 * The base class of everything that a provider makes. A subclass is decorated with
 * {@link ResourceType}; its constructor is inherited. Its properties, inputs as well as outputs, read as outputs.
 *
 * @typeParam I - the inputs, as programs give them
 * @example new ResourceGroup("store", { location: "westeurope" }, { protect: true }).id
 */
export abstract class Resource<I extends object = object> {
  readonly [declared]: ResourceDeclaration;

  /**
   * @param name - logical name: identifies the resource in the stack, together with its type and enclosing components
   * @param inputs - copied now; checked against the type's schema, and all problems reported, when the program has returned
   * @throws BERTH1006, BERTH1007, BERTH1008 where nothing can be declared here
   */
  constructor(name: string, inputs: I, options?: ResourceOptions) {
    this[declared] = declareResource(this, { created: new.target, base: Resource, name, inputs, options });
  }

  /**
   * What exists already and is only read: never created, changed or deleted by this stack. Its properties are what the
   * provider reads.
   *
   * @param name - logical name, as for a resource that is declared
   * @param id - physical id as the provider knows it; may be an output
   * @example
   * const shared = NodePool.get("shared", "/subscriptions/…/agentPools/shared");
   * new Deployment("front", { … }, { dependsOn: shared });
   */
  static get<T extends Resource>(
    this: (abstract new (name: string, inputs: never, options?: ResourceOptions) => T) & {
      readonly prototype: T;
    },
    name: string,
    id: Input<string>,
    options?: ResourceOptions,
  ): T {
    const instance: T = Object.create(this.prototype);
    const read = {
      created: this,
      base: Resource,
      called: Resource.get,
      name,
      inputs: {},
      options,
      read: { id },
    };
    Object.defineProperty(instance, declared, { value: declareResource(instance, read) });
    return instance;
  }

  /** Text of it would be wrong without anyone noticing: one of its properties is meant. */
  [Symbol.toPrimitive](): never {
    return refuseText(this);
  }

  /** What `console.log` shows. */
  [inspect](): string {
    return `${this[declared].type} "${this[declared].path.join("/")}"`;
  }
}
