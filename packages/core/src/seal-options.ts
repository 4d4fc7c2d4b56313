import type { ResourceDeclaration } from "./declaration.ts";
import type { ResourceDefinition } from "./definition.ts";
import type { Json, Urn } from "./json.ts";
import { optionNames, optionTable } from "./option-table.ts";
import type { ResolvedOptions } from "./options.ts";
import { type PathPattern, patternMisfit } from "./path-pattern.ts";
import { initialOptions } from "./read-options.ts";
import { shapeOf } from "./shape.ts";
import type { RecordedOptions } from "./record.ts";

/** Most resources have these very options. */
const plainOptions: ResolvedOptions = Object.freeze({ protect: false, silence: Object.freeze([]) });

/** Options of a resource as the graph has them: what is inherited and does not fit its type is left out. */
export function sealOptions(
  { options, definition, urn }: ResourceDeclaration,
  { provider, aliases }: { readonly provider: Urn | undefined; readonly aliases: readonly Urn[] | undefined },
): ResolvedOptions {
  if (options === initialOptions && provider === undefined && !aliases) return plainOptions;
  const { protect, silence, replacementTrigger, deleteBeforeReplace, adopt, retainOnDelete } = options;
  const { deletedWith, customTimeouts, hooks, import: id } = options;
  const ignoreChanges = fitting(options.ignoreChanges, definition);
  const replaceOnChanges = fitting(options.replaceOnChanges, definition);
  const secretOutputs = options.additionalSecretOutputs.filter((each) =>
    Object.hasOwn(definition.outputs, each),
  );
  const resolved: ResolvedOptions = {
    protect,
    silence: silence.length === 0 ? plainOptions.silence : Object.freeze(silence.toSorted()),
    ...(provider !== undefined && { provider }),
    ...(ignoreChanges && { ignoreChanges }),
    ...(replaceOnChanges && { replaceOnChanges }),
    ...(replacementTrigger && { replacementTrigger: replacementTrigger.value }),
    ...(deleteBeforeReplace !== undefined && { deleteBeforeReplace }),
    ...(aliases && { aliases }),
    ...(id !== undefined && { import: id }),
    ...(adopt && { adopt }),
    ...(retainOnDelete && { retainOnDelete }),
    ...(deletedWith && deletedWith.urn !== urn && { deletedWith: deletedWith.urn }),
    ...(customTimeouts && { customTimeouts }),
    ...(secretOutputs.length > 0 && { additionalSecretOutputs: Object.freeze(secretOutputs.toSorted()) }),
    ...(hooks && definition.isProvider !== true && { hooks }),
  };
  return Object.keys(resolved).length === 2 && !protect && silence.length === 0
    ? plainOptions
    : Object.freeze(resolved);
}

const fits = new WeakMap<readonly PathPattern[], Map<ResourceDefinition, readonly string[] | undefined>>();

/** Those of a list that name something in a type. Children of one component share the list, and what fits of it. */
function fitting(
  patterns: readonly PathPattern[],
  definition: ResourceDefinition,
): readonly string[] | undefined {
  if (patterns.length === 0) return undefined;
  let known = fits.get(patterns);
  if (!known) fits.set(patterns, (known = new Map<ResourceDefinition, readonly string[] | undefined>()));
  if (!known.has(definition)) {
    const texts = patterns
      .filter((each) => patternMisfit(each, shapeOf(definition)) === undefined)
      .map(({ text }) => text);
    known.set(definition, texts.length > 0 ? Object.freeze(texts) : undefined);
  }
  return known.get(definition);
}

const recording = optionNames.flatMap((name) => optionTable[name].record?.bind(optionTable[name]) ?? []);

/**
 * What is kept of options with a record, as the rows of the option table say; `undefined` where nothing is.
 *
 * @param replacementTrigger - what that option comes to; secrets encrypted
 * @example const record = { …, ...(kept && { options: kept }) }
 */
export function recordedOptions(
  options: ResolvedOptions,
  replacementTrigger?: Json,
): RecordedOptions | undefined {
  if (options === plainOptions) return undefined;
  let kept: RecordedOptions | undefined;
  for (const record of recording) {
    const row = record(options);
    if (row) kept = { ...kept, ...row };
  }
  return replacementTrigger === undefined ? kept : { ...kept, replacementTrigger };
}
