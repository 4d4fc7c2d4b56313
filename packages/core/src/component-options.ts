import { type Problem, problem } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import type { DeclarationContext } from "./context.ts";
import type { ComponentDeclaration, ResourceDeclaration } from "./declaration.ts";
import { membersOf } from "./dependency.ts";
import { optionTable } from "./option-table.ts";

/** Options of components that name properties: each must be one of at least one resource inside. */
const named = ["ignoreChanges", "replaceOnChanges", "additionalSecretOutputs"] as const;

/** What can be told of components' options only when everything inside them is known. */
export function componentOptionProblems({
  components,
  resources,
}: Pick<DeclarationContext, "components" | "resources">): readonly Problem[] {
  const members = membersOf(resources);
  return components.flatMap((component) =>
    named.flatMap((name) => {
      if (component.ownOptions[name] === undefined) return [];
      return misfits(component, name, members(component)).map((message) => ({
        ...problem(coreCodes.BERTH1017, { message: `the option ${name} ${message}`, path: name }),
        resource: component.urn,
        ...(component.site && { site: component.site }),
      }));
    }),
  );
}

/** One by one, since each may fit another resource. */
function misfits(
  { ownOptions, type, name: called }: ComponentDeclaration,
  name: (typeof named)[number],
  inside: readonly ResourceDeclaration[],
): readonly string[] {
  if (inside.length === 0) return [`says nothing for ${type} "${called}", which has no resources`];
  const wrongs =
    name === "additionalSecretOutputs"
      ? (ownOptions[name] ?? []).map((each) =>
          inside.map(({ definition }) => optionTable[name].misfit?.([each], definition)),
        )
      : (ownOptions[name] ?? []).map((each) =>
          inside.map(({ definition }) => optionTable[name].misfit?.([each], definition)),
        );
  return wrongs.flatMap((each) => {
    const isFitting = each.some((wrong) => wrong === undefined);
    const nearest = each.find((wrong) => wrong?.includes("did you mean")) ?? each[0];
    return isFitting || nearest === undefined ? [] : [nearest];
  });
}
