/** An edit as a person makes it: this text in the program becomes that text. */
export interface Edit {
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

/** The three changes that people really make, in the words of `examples/aks-store/store.ts`. */
export const storeEdits: readonly Edit[] = [
  {
    what: "store-front from 1 to 3 replicas",
    from: "image: `${registry}/store-front:2.2.0`,\n  replicas: 1,",
    to: "image: `${registry}/store-front:2.2.0`,\n  replicas: 3,",
  },
  { what: "a new image for order-service", from: "order-service:2.2.0", to: "order-service:2.3.0" },
  {
    what: "the user pool from 2 to 3 nodes",
    from: 'vmSize: "Standard_D4s_v5",\n  count: 2,',
    to: 'vmSize: "Standard_D4s_v5",\n  count: 3,',
  },
];

/** Makes the edits; each must be possible exactly once, so that the demo can't drift from the program. */
export function applyEdits(program: string, edits: readonly Edit[]): string {
  return edits.reduce((text, edit) => {
    const parts = text.split(edit.from);
    if (parts.length !== 2)
      throw new Error(`the program has ${parts.length - 1} places for "${edit.what}", not one`);
    return parts.join(edit.to);
  }, program);
}
