import type { PathSegments } from "./path.ts";

interface Node {
  isPlace: boolean;
  readonly inside: Map<string, Node>;
}

/**
 * A set of places in a value, asked how a path stands to them in time proportional to the path,
 * however many places there are. Positions and names of the same text are the same.
 */
export class Places {
  readonly #root: Node = { isPlace: false, inside: new Map() };

  constructor(places: Iterable<PathSegments>) {
    for (const place of places) {
      let node = this.#root;
      for (const segment of place) {
        const key = String(segment);
        let next = node.inside.get(key);
        if (!next) node.inside.set(key, (next = { isPlace: false, inside: new Map() }));
        node = next;
      }
      node.isPlace = true;
    }
  }

  /** Whether going on from one of the places one can come to `path`, or is there. */
  leadTo(path: PathSegments): boolean {
    return this.leadInto(path) || this.#at(path)?.isPlace === true;
  }

  /** Whether `path` is inside one of the places: not the place itself. */
  leadInto(path: PathSegments): boolean {
    let node: Node | undefined = this.#root;
    for (const segment of path) {
      if (!node) return false;
      if (node.isPlace) return true;
      node = node.inside.get(String(segment));
    }
    return false;
  }

  /** Whether going on from `path` one can come to one of the places, or is there. */
  areWithin(path: PathSegments): boolean {
    const node = this.#at(path);
    return node !== undefined && (node.isPlace || node.inside.size > 0);
  }

  #at(path: PathSegments): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const segment of path) node = node?.inside.get(String(segment));
    return node;
  }
}
