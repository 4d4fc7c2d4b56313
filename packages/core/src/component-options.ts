import { type Problem, problem } from "@berth/diagnostics";
import { coreCodes } from "./codes.ts";
import type { DeclarationContext } from "./context.ts";
import type { ComponentDeclaration } from "./declaration.ts";
import type { ResourceDefinition } from "./definition.ts";
import { membersOf } from "./dependency.ts";
import { optionTable } from "./option-table.ts";
import type { DeclaredOptions } from "./options.ts";

/** Why something that an option names is none of a type's; `undefined` where it is. */
type Question = (definition: ResourceDefinition) => string | undefined;

/** Options that name properties: each that a component names must be one of at least one type inside. */
const named: readonly (readonly [
  string,
  (own: Partial<DeclaredOptions>) => readonly Question[] | undefined,
])[] = [
  [
    "ignoreChanges",
    ({ ignoreChanges }) =>
      ignoreChanges?.map((each) => (of) => optionTable.ignoreChanges.misfit?.([each], of)),
  ],
  [
    "replaceOnChanges",
    ({ replaceOnChanges }) =>
      replaceOnChanges?.map((each) => (of) => optionTable.replaceOnChanges.misfit?.([each], of)),
  ],
  [
    "additionalSecretOutputs",
    ({ additionalSecretOutputs }) =>
      additionalSecretOutputs?.map(
        (each) => (of) => optionTable.additionalSecretOutputs.misfit?.([each], of),
      ),
  ],
];

/** What can be told of components' options only when everything inside them is known. */
export function componentOptionProblems({
  components,
  resources,
}: Pick<DeclarationContext, "components" | "resources">): readonly Problem[] {
  const members = membersOf(resources);
  return components.flatMap((component) =>
    named.flatMap(([name, questionsOf]) => {
      const questions = questionsOf(component.ownOptions);
      if (!questions) return [];
      const inside = new Set(members(component).map((each) => each.definition));
      return misfits(component, questions, [...inside]).map((message) => ({
        ...problem(coreCodes.BERTH1017, { message: `the option ${name} ${message}`, path: name }),
        resource: component.urn,
        ...(component.site && { site: component.site }),
      }));
    }),
  );
}

/** One by one, since each may fit another type. */
function misfits(
  { type, name }: ComponentDeclaration,
  questions: readonly Question[],
  inside: readonly ResourceDefinition[],
): readonly string[] {
  if (inside.length === 0) return [`says nothing for ${type} "${name}", which has no resources`];
  return questions.flatMap((question) => {
    const wrongs = inside.map(question);
    const isFitting = wrongs.some((wrong) => wrong === undefined);
    const likeliest = wrongs.find((wrong) => wrong?.includes("did you mean")) ?? wrongs[0];
    return isFitting || likeliest === undefined ? [] : [likeliest];
  });
}
