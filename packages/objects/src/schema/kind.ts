import { BerthError, nearest, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";
import type { KubernetesObject } from "../object.ts";
import { splitApiVersion } from "../reference.ts";
import { KINDS } from "./generated/kubernetes.ts";
import { structType } from "./read-type.ts";
import type { StructType } from "./type.ts";

/** What berth knows of a built-in kind. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  /** The API group, the empty text for core. */
  readonly group: string;
  /** Resource name in URLs: `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** `scale`, `status` and other resources below an object, in order. */
  readonly subresources: readonly string[];
  /** The shape of its objects. */
  readonly type: StructType;
}

/**
 * The kind of that name, or nothing where it is not built in.
 *
 * @example kindOf("apps/v1", "Deployment")?.plural // "deployments"
 */
export function kindOf(apiVersion: string, kind: string): Kind | undefined {
  const key = `${apiVersion} ${kind}`;
  const known = kinds.get(key);
  if (known) return known;
  const line = Object.hasOwn(KINDS, key) ? KINDS[key] : undefined;
  if (line === undefined) return undefined;
  const [type = "", plural = "", scope, subresources] = line.split(" ");
  const read: Kind = {
    apiVersion,
    kind,
    group: splitApiVersion(apiVersion).group,
    plural,
    namespaced: scope === "namespaced",
    subresources: subresources?.split(",") ?? [],
    type: structType(type),
  };
  kinds.set(key, read);
  return read;
}

/**
 * The kind of an object.
 *
 * @throws BerthError `BERTH2004`, with the nearest known name, where it is not built in.
 */
export function requireKind(apiVersion: string, kind: string): Kind {
  const known = kindOf(apiVersion, kind);
  if (known) return known;
  const near = nearestKind(apiVersion, kind);
  throw new BerthError([
    problem(codes.BERTH2004, {
      message: `${apiVersion} ${kind} is not a built-in kind of Kubernetes 1.36`,
      ...(near ? { hint: `did you mean "${near}"?` } : {}),
    }),
  ]);
}

/** The built-in kind that somebody probably meant, as `apps/v1 Deployment`: same kind in another version first. */
export function nearestKind(apiVersion: string, kind: string): string | undefined {
  const all = Object.keys(KINDS);
  return all.find((each) => each.split(" ")[1] === kind) ?? nearest(`${apiVersion} ${kind}`, all);
}

/** Every built-in kind, in the order of API version and name. */
export function builtInKinds(): readonly Kind[] {
  return Object.keys(KINDS).map((key) => {
    const [apiVersion = "", kind = ""] = key.split(" ");
    return requireKind(apiVersion, kind);
  });
}

/** The kind served under a path of the API: `kindOfResource("apps/v1", "deployments")`. */
export function kindOfResource(apiVersion: string, plural: string): Kind | undefined {
  return builtInKinds().find((each) => each.apiVersion === apiVersion && each.plural === plural);
}

/** Whether objects of this kind live in a namespace; nothing where the kind is not built in. */
export function isNamespaced(object: Pick<KubernetesObject, "apiVersion" | "kind">): boolean | undefined {
  return kindOf(object.apiVersion, object.kind)?.namespaced;
}

const kinds = new Map<string, Kind>();
