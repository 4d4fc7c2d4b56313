import { problem, type Problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";
import { withDefaults } from "../defaults/apply-defaults.ts";
import { isJsonObject, objectAt, textAt } from "../json.ts";
import { childPath } from "../path.ts";
import { pathSegmentName } from "../rules/content.ts";
import { errorBody, type FieldError } from "../rules/field-error.ts";
import { checkMetadata } from "../rules/metadata.ts";
import { rulesOf } from "../rules/rules-of.ts";
import { kindOf } from "../schema/kind.ts";
import { validateObject } from "./validate-object.ts";

/**
 * Everything that makes an API server 1.36 refuse an object when it is created: {@link validateObject}, then, where
 * every field is right by itself, the rules that fields keep together. They are the rules by which
 * {@link writeObject} answers 422. A namespaced object that states no namespace is taken to be in `default`.
 *
 * @returns problems `BERTH2004` to `BERTH2009`; none where it would be accepted
 * @example
 * checkObject({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: { replicas: -2, … } });
 * // BERTH2009 spec.replicas: Invalid value: -2: must be greater than or equal to 0
 */
export function checkObject(object: unknown): readonly Problem[] {
  const faults = validateObject(object);
  if (faults.length > 0 || !isJsonObject(object)) return faults;
  const kind = kindOf(textAt(object, "apiVersion"), textAt(object, "kind"));
  if (!kind) return faults;
  const rules = rulesOf(kind);
  const filled = withDefaults(kind.type, object);
  const metadata = objectAt(filled, "metadata");
  if (metadata && kind.namespaced && textAt(metadata, "namespace") === "") metadata["namespace"] = "default";
  rules.prepareCreate?.(filled, {});
  const errors = [
    ...checkMetadata(metadata ?? {}, kind.namespaced, rules.checkName ?? pathSegmentName),
    ...(rules.checkCreate?.(filled) ?? []),
  ];
  return errors.map((error) => problem(codes.BERTH2009, { message: errorBody(error), path: pathOf(error) }));
}

/** Kubernetes writes keys of maps in brackets, and a template's metadata without their name. */
function pathOf({ field }: FieldError): string {
  const path = field.replace(/\btemplate\.(labels|annotations)\b/, "template.metadata.$1");
  const keyed = /^(.*)\[([^\]]*[^\]\d][^\]]*)\]$/.exec(path);
  return keyed ? childPath(keyed[1] ?? "", keyed[2] ?? "") : path;
}
