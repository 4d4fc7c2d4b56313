import { type JsonObject, objectsAt, objectAt, textAt, textMapAt, textsAt } from "../json.ts";
import { labelMatcher, type LabelMatcher } from "../label-selector.ts";
import { labelValue, qualifiedName } from "./content.ts";
import { type FieldError, forbidden, invalid, invalids, required } from "./field-error.ts";
import { checkLabels } from "./metadata.ts";

/** Rules: `k8s.io/apimachinery` v0.36 `pkg/apis/meta/v1/validation`. */
export function checkLabelSelector(selector: JsonObject | undefined, path: string): FieldError[] {
  const expressions = objectsAt(selector, "matchExpressions").flatMap((each, index) =>
    checkRequirement(each, `${path}.matchExpressions[${index}]`),
  );
  return [...checkLabels(textMapAt(selector, "matchLabels"), `${path}.matchLabels`), ...expressions];
}

function checkRequirement(requirement: JsonObject, path: string): FieldError[] {
  const [operator, key, values] = [
    textAt(requirement, "operator"),
    textAt(requirement, "key"),
    textsAt(requirement, "values"),
  ];
  const errors: FieldError[] = [];
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0)
      errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    const message = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
    if (values.length > 0) errors.push(forbidden(`${path}.values`, message));
  } else errors.push(invalid(`${path}.operator`, operator, "not a valid selector operator"));
  errors.push(...invalids(`${path}.key`, key, qualifiedName(key)));
  return [
    ...errors,
    ...values.flatMap((value, index) => invalids(`${path}.values[${index}]`, value, labelValue(value))),
  ];
}

/** A matcher for a selector as it stands in an object; nothing where it cannot be evaluated. */
export function matcherOf(selector: JsonObject | undefined): LabelMatcher | undefined {
  if (checkLabelSelector(selector, "").some((error) => error.field.includes("matchExpressions")))
    return undefined;
  return labelMatcher({
    matchLabels: textMapAt(selector, "matchLabels"),
    matchExpressions: objectsAt(selector, "matchExpressions").map((each) => ({
      key: textAt(each, "key"),
      operator: textAt(each, "operator"),
      values: [...textsAt(each, "values")],
    })),
  });
}

export function isEmptySelector(selector: JsonObject | undefined): boolean {
  return (
    Object.keys(objectAt(selector, "matchLabels") ?? {}).length +
      objectsAt(selector, "matchExpressions").length ===
    0
  );
}
