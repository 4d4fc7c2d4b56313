import { declared, inspect, refuseText } from "./declared.ts";
import { declareComponent } from "./construct.ts";
import type { ComponentDeclaration } from "./declaration.ts";
import type { ResourceOptions } from "./options.ts";

/**
 * The base class of groups of resources. It is a name around its children (resources that are
 * declared with `{ parent: this }`), which inherit its options. It is not recorded and not applied.
 *
 * @typeParam I - the inputs, as programs give them
 * @example
 * class Store extends Component<{ readonly replicas: number }> {
 *   constructor(name: string, inputs: { readonly replicas: number }, options?: ResourceOptions) {
 *     super(name, inputs, options);
 *     new Deployment("front", { replicas: inputs.replicas }, { parent: this });
 *   }
 * }
 */
export abstract class Component<I extends object = object> {
  readonly [declared]: ComponentDeclaration;

  /**
   * @param name - logical name: part of the identity of everything inside
   * @throws BERTH1006, BERTH1007, BERTH1008 where nothing can be declared here
   */
  constructor(name: string, inputs: I, options?: ResourceOptions) {
    this[declared] = declareComponent({ created: new.target, base: Component, name, inputs, options });
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
