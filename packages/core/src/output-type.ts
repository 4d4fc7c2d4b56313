/** Values that have no parts. */
export type Primitive = string | number | boolean | bigint | symbol | null | undefined;

declare const valueType: unique symbol;

/** What every output can do; {@link Output} adds access to the parts of its value. */
export interface OutputMethods<T> {
  /** Keeps outputs of different types apart; nothing at run time. */
  readonly [valueType]: T;
  /**
   * A value computed from this one. The callback is pure and synchronous: it runs whenever the
   * value is known, in previews and again when something was created. It must not declare resources.
   *
   * @example cluster.fqdn.apply((host) => host.toLowerCase())
   */
  apply<U>(callback: (value: T) => U): Output<Unwrapped<U>>;
}

/**
 * A value that may be known only once something has been created. It is a description, not a
 * promise: pass it on as an input, take a part of it (`cluster.identity.principalId`), compute
 * with `apply`, build text with {@link text}. Printing, iterating or comparing it is an error with a code.
 */
export type Output<T> = OutputMethods<T> & Parts<Exclude<T, Primitive>>;

/** Access to the parts of a value: properties of objects, elements and `length` of lists. */
export type Parts<T> = [T] extends [never]
  ? unknown
  : T extends readonly (infer E)[]
    ? { readonly [index: number]: Output<E>; readonly length: Output<number> }
    : T extends (...args: never[]) => unknown
      ? unknown
      : { readonly [K in keyof T]-?: Output<T[K]> };

/** What may be given where a `T` is due: a `T`, an output of one, or a `T` with outputs inside. */
export type Input<T> = Output<T> | InputValue<T>;

/** A `T` whose parts may be outputs. */
export type InputValue<T> = T extends Primitive
  ? T
  : T extends readonly (infer E)[]
    ? readonly Input<E>[]
    : T extends object
      ? { readonly [K in keyof T]: Input<T[K]> }
      : T;

/** The plain type of something that may be or contain outputs. */
export type Unwrapped<T> =
  T extends OutputMethods<infer U>
    ? U
    : T extends Primitive
      ? T
      : T extends object
        ? { [K in keyof T]: Unwrapped<T[K]> }
        : T;
