import { type Json, parseUrn, pathOfUrn, type Urn } from "@berth/core";
import type { Plan } from "@berth/planner";
import { isSamePlan } from "../planning.ts";
import type {
  Bindings,
  ConfigurationBinding,
  ConfigurationValue,
  GraphBinding,
  ObservedBinding,
  SavedPlan,
} from "./saved-plan.ts";

/** More of one kind are counted only. */
const most = 5;

/** What a plan rested on and is another one now, in words; empty where nothing moved. */
export function whatMoved(before: Bindings, now: Bindings): readonly string[] {
  const moved = movedParts(before, now);
  if (moved.length > 0 || isSamePlan(before, now)) return moved;
  return ["what the file says that it rests on is not what a plan that is made now rests on"];
}

function movedParts(before: Bindings, now: Bindings): readonly string[] {
  return [
    ...(before.berth === now.berth ? [] : [`berth is ${now.berth}, the plan was made with ${before.berth}`]),
    ...movedState(before.state, now.state),
    ...movedConfiguration(before.configuration, now.configuration),
    ...movedGraph(before.graph, now.graph),
    ...movedWorld(before.observed, now.observed),
    ...movedTexts(before.catalogue, now.catalogue, (name, was, is) =>
      is === undefined
        ? `the catalogue of ${name} is not used any more`
        : was === undefined
          ? `the catalogue of ${name} was not used`
          : `the catalogue of ${name} is ${is}, the plan was made with ${was}`,
    ),
    ...movedTexts(before.policies, now.policies, (name, was, is) =>
      is === undefined
        ? `the policy ${name} looked at the plan, and is gone`
        : `the policy ${name} ${was === undefined ? "did not look at the plan" : "is another one than looked at the plan"}`,
    ),
  ];
}

function movedState(before: Bindings["state"], now: Bindings["state"]): readonly string[] {
  if (before.serial !== now.serial)
    return [`the state is at serial ${now.serial}, the plan was made at ${before.serial}`];
  if (before.digest === now.digest) return [];
  return [`the state is another one than the plan was made from, although both are at serial ${now.serial}`];
}

function movedConfiguration(before: ConfigurationBinding, now: ConfigurationBinding): readonly string[] {
  const keys = new Set([...Object.keys(before.values), ...Object.keys(now.values)]);
  const lines = [...keys].toSorted().flatMap((key) => {
    const [was, is] = [own(before.values, key), own(now.values, key)];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    return [`${key} ${shown(was)} → ${shown(is)}`];
  });
  return lines.length === 0 ? [] : [`${now.source} changed: ${counted(lines)}`];
}

function shown(value: ConfigurationValue | undefined): string {
  if (value === undefined) return "(none)";
  if ("secret" in value) return "[secret]";
  const text = JSON.stringify(value.value satisfies Json);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function movedGraph(before: GraphBinding, now: GraphBinding): readonly string[] {
  const moved = movedTexts(before.resources, now.resources, (urn, was, is) =>
    is === undefined
      ? `the program declares no ${nameOf(urn)} any more`
      : was === undefined
        ? `the program declares ${nameOf(urn)}, which it did not`
        : `the program declares ${nameOf(urn)} otherwise`,
  );
  const outputs = before.outputs === now.outputs ? [] : ["the program's outputs are others"];
  if (moved.length + outputs.length > 0 || before.digest === now.digest) return [...moved, ...outputs];
  return ["the program declares its resources in another order"];
}

function movedWorld(before: Bindings["observed"], now: Bindings["observed"]): readonly string[] {
  const clusters = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...clusters].toSorted().flatMap((cluster) => {
    const [was, is] = [own(before, cluster), own(now, cluster)];
    const where = clusters.size > 1 ? ` of cluster ${pathOfUrn(cluster)}` : "";
    if (!was) return [`cluster ${pathOfUrn(cluster)} is there, and was not when the plan was made`];
    if (!is) return [`cluster ${pathOfUrn(cluster)} was observed when the plan was made, and cannot be now`];
    return movedCluster(was, is, where);
  });
}

function movedCluster(before: ObservedBinding, now: ObservedBinding, where: string): readonly string[] {
  const moved = movedTexts(before.objects, now.objects, (key, was, is) => {
    const what = `${describe(key)}${where}`;
    return `${what} is ${is === undefined ? "gone" : was === undefined ? "new" : "not as it was"}`;
  });
  if (moved.length > 0 || before.how === now.how) return moved;
  return [
    `the plan was made from the ${before.how === "saved" ? "saved snapshot" : "cluster itself"}${where}`,
  ];
}

/** `node user-1`, `pod default/web-1` */
function describe(key: string): string {
  const [, kind = "", name = ""] = key.split(" ");
  return `${kind.charAt(0).toLowerCase()}${kind.slice(1)} ${name}`;
}

function movedTexts(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
  say: (key: string, was: string | undefined, is: string | undefined) => string,
): readonly string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])].toSorted();
  const lines = keys.flatMap((key) => {
    const [was, is] = [own(before, key), own(now, key)];
    return was === is ? [] : [say(key, was, is)];
  });
  return lines.length > most
    ? [...lines.slice(0, most), `and ${lines.length - most} more of the kind`]
    : lines;
}

function counted(lines: readonly string[]): string {
  if (lines.length <= most) return lines.join(", ");
  return `${lines.slice(0, most).join(", ")} and ${lines.length - most} more`;
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function nameOf(urn: Urn): string {
  const parts = parseUrn(urn);
  return parts ? `${parts.type} ${parts.path.join("/")}` : urn;
}

/** In what the plan that is made now differs from the saved one, in words; empty where it is the same. */
export function whatDiffers({ plan: before }: SavedPlan, now: Plan): readonly string[] {
  if (isSamePlan(before, now)) return [];
  const [was, is] = [changesOf(before), changesOf(now)];
  const moved = movedTexts(was, is, (urn, had, has) =>
    has === undefined
      ? `${nameOf(urn)} would not change now`
      : had === undefined
        ? `${nameOf(urn)} would change now, and did not in the saved plan`
        : `the change of ${nameOf(urn)} is another one now`,
  );
  if (moved.length > 0) return moved;
  const parts = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((key) => {
    const [had, has]: unknown[] = [before[key as keyof Plan], now[key as keyof Plan]];
    return !isSamePlan(had, has);
  });
  return [`what the plan says of its ${parts.toSorted().join(", ")} is not what it would say now`];
}

function changesOf({ changes }: Plan): Readonly<Record<string, string>> {
  return Object.fromEntries(changes.map((each) => [each.urn, JSON.stringify(each)]));
}
