/** Words that no variable can be called. */
const reserved = new Set(
  (
    "abstract any arguments as async await boolean break case catch class const continue debugger declare default delete " +
    "do else enum eval export extends false finally for from function get if implements import in instanceof interface " +
    "let module namespace never new null number object of package private protected public readonly return set static " +
    "string super switch symbol this throw true try type typeof undefined unknown var void while with yield azure k8s"
  ).split(" "),
);

/**
 * Names of variables for things, all of them different: `store-front` is `storeFront`. Where a name is taken, the kind
 * of thing follows it: `storeFrontService`.
 */
export function identifiers(things: readonly (readonly [name: string, kind: string])[]): readonly string[] {
  const taken = new Set<string>();
  return things.map(([name, kind]) => {
    const short = camelCase(name);
    const long = `${short}${kind}`;
    let chosen = isFree(short, taken) ? short : long;
    for (let i = 2; !isFree(chosen, taken); i++) chosen = `${long}${i}`;
    taken.add(chosen);
    return chosen;
  });
}

function isFree(name: string, taken: ReadonlySet<string>): boolean {
  return !taken.has(name) && !reserved.has(name);
}

function camelCase(name: string): string {
  const [first = "", ...others] = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const words = [first.charAt(0).toLowerCase() + first.slice(1), ...others.map(capitalised)].join("");
  return /^[\p{L}_$]/u.test(words) ? words : `resource${capitalised(words)}`;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
