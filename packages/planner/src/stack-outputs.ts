import type { Json, JsonObject, Value } from "@berth/core";
import { property } from "./compare/difference.ts";
import { equality } from "./compare/equality.ts";
import { opaque, type SecretDigest } from "./compare/opaque.ts";
import type { OutputChange } from "./plan.ts";
import { shown, shownBeside } from "./present.ts";

/** How the stack's outputs change, by name. `desired` is empty for a destroy. */
export function planOutputs(
  recorded: JsonObject,
  desired: ReadonlyMap<string, Value>,
  digest: SecretDigest,
): readonly OutputChange[] {
  const names = [...new Set([...Object.keys(recorded), ...desired.keys()])].toSorted();
  return names.map((name) => {
    const [had, has] = [property(recorded, name), desired.get(name)];
    const before = had === undefined ? undefined : opaque(had, digest);
    const after = has === undefined ? undefined : opaque(has, digest);
    return { name, action: actionOf(before, after, digest), ...sides(before, after) };
  });
}

function actionOf(
  before: Json | undefined,
  after: Json | undefined,
  digest: SecretDigest,
): OutputChange["action"] {
  if (before === undefined) return "create";
  if (after === undefined) return "delete";
  return equality(before, after, digest) === "yes" ? "no-op" : "update";
}

function sides(before: Json | undefined, after: Json | undefined): Pick<OutputChange, "before" | "after"> {
  const [from, to] = [shownBeside(before, after), shownBeside(after, before)];
  return {
    ...(from === undefined ? {} : { before: shown(from) }),
    ...(to === undefined ? {} : { after: shown(to) }),
  };
}
