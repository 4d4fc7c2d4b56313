import { declared, inspect, refuseText } from "./declared.ts";
import { declareResource } from "./construct.ts";
import type { ResourceDeclaration } from "./declaration.ts";
import type { ResourceOptions } from "./options.ts";

/**
 * The base class of everything that a provider makes. A subclass is decorated with
 * {@link ResourceType}; its constructor is inherited. Its properties, inputs as well as outputs, read as outputs.
 *
 * @typeParam I - the inputs, as programs give them
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

  /** Text of it would be wrong without anyone noticing: one of its properties is meant. */
  [Symbol.toPrimitive](): never {
    return refuseText(this);
  }

  /** What `console.log` shows. */
  [inspect](): string {
    return `${this[declared].type} "${this[declared].path.join("/")}"`;
  }
}
