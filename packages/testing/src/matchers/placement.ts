import type { Plan } from "@berth/automation";
import { nearest } from "@berth/diagnostics";
import { cut, type Verdict, verdict } from "../verdict.ts";

type Cluster = Plan["clusters"][number];
type Group = Cluster["placement"][number];

/** Where pods are expected. */
export interface Placed {
  /** A node by name (`user#1` for one that does not exist yet), or a node pool. */
  readonly on?: string;
  /** The zone of their nodes. */
  readonly zone?: string;
  /** How many pods there are; at least one where it is not said. */
  readonly pods?: number;
}

/** Nodes or node pools that a pod leaves and goes to. */
export interface MovePlaces {
  readonly from?: string;
  readonly to?: string;
}

/** Whether all pods of the workload get nodes, and only such nodes. */
export function places(plan: Plan, workload: string, { on, zone, pods }: Placed = {}): Verdict {
  const groups = groupsOf(plan).filter(
    (each) => isWorkload(each.workload, workload) && each.change !== "gone",
  );
  const unplaced = unplacedOf(plan).filter((each) => isWorkload(each.workload, workload));
  const count = groups.reduce((sum, each) => sum + each.pods.length, 0);
  const pass =
    unplaced.length === 0 &&
    (pods === undefined ? count > 0 : count === pods) &&
    groups.every(
      (each) =>
        (on === undefined || isOn(each.cluster, each.node, on)) && (zone === undefined || each.zone === zone),
    );
  const number = pods === undefined ? "" : ` ${pods} of`;
  const where = [
    ...(on === undefined ? [] : [` on ${on}`]),
    ...(zone === undefined ? [] : [` in zone ${zone}`]),
  ];
  return verdict(pass, `to place${number} ${workload}${where.join("")}`, () => [
    ...groups.map(placed),
    ...unplaced.map(
      ({ workload: each, pods: without, message }) =>
        `  ${each}: no node for ${without.join(", ")}: ${message}`,
    ),
    ...(groups.length + unplaced.length === 0 ? noWorkload(plan, workload) : []),
  ]);
}

/** Whether pods are left without a node: any, or of that workload. */
export function leavesUnplaced(plan: Plan, workload?: string): Verdict {
  const all = unplacedOf(plan);
  const meant = all.filter((each) => workload === undefined || isWorkload(each.workload, workload));
  return verdict(meant.length > 0, `to leave ${workload ?? "pods"} unplaced`, () =>
    (meant.length > 0 ? meant : all).length === 0
      ? ["all pods have a node", ...(workload === undefined ? [] : noWorkload(plan, workload))]
      : (meant.length > 0 ? meant : all).map(
          ({ workload: each, pods, message }) => `  ${each}: ${pods.join(", ")}: ${message}`,
        ),
  );
}

/** Whether a pod moves: one by its name, or any of a workload. */
export function moves(plan: Plan, pod: string, { from, to }: MovePlaces = {}): Verdict {
  const of = (each: Group): boolean => each.pods.includes(pod) || isWorkload(each.workload, pod);
  const groups = groupsOf(plan).filter(of);
  const moved = groups.filter(
    (each) =>
      each.change === "moved" &&
      (from === undefined || (each.from !== undefined && isOn(each.cluster, each.from, from))) &&
      (to === undefined || isOn(each.cluster, each.node, to)),
  );
  const places = [
    ...(from === undefined ? [] : [` from ${from}`]),
    ...(to === undefined ? [] : [` to ${to}`]),
  ];
  return verdict(moved.length > 0, `to move ${pod}${places.join("")}`, () =>
    groups.length > 0 ? groups.map(placed) : noPod(plan, pod),
  );
}

function groupsOf({ clusters }: Plan): readonly (Group & { readonly cluster: Cluster })[] {
  return clusters.flatMap((cluster) =>
    cluster.placement.filter((each) => !each.system).map((each) => ({ ...each, cluster })),
  );
}

function unplacedOf({ clusters }: Plan): readonly Cluster["unplaced"][number][] {
  return clusters.flatMap(({ unplaced }) => unplaced);
}

/** `default/Deployment/web` is meant by `web`, `Deployment/web`, `default/web` and itself. */
function isWorkload(workload: string, wanted: string): boolean {
  const [namespace, , name] = workload.split("/");
  return workload === wanted || workload.endsWith(`/${wanted}`) || `${namespace}/${name}` === wanted;
}

function isOn({ nodes }: Cluster, node: string, wanted: string): boolean {
  return node === wanted || nodes.some((each) => each.name === node && each.pool === wanted);
}

function placed({ workload, pods, change, node, zone, from, why }: Group): string {
  const place = { stays: "stays on", new: "goes to", moved: `moves from ${from} to`, gone: "goes from" }[
    change
  ];
  return `  ${workload}: ${cut(pods, 5).join(", ")} ${place} ${node}${zone === undefined ? "" : ` in zone ${zone}`}${why === undefined ? "" : ` (${why})`}`;
}

function noWorkload(plan: Plan, wanted: string): readonly string[] {
  const known = [...new Set([...groupsOf(plan), ...unplacedOf(plan)].map((each) => each.workload))];
  return nearestOf("workload", wanted, known, (each) => each.split("/").at(-1) ?? each);
}

function noPod(plan: Plan, wanted: string): readonly string[] {
  const groups = groupsOf(plan);
  if (!/#|-[a-z0-9]{5}$/.test(wanted)) return noWorkload(plan, wanted);
  return nearestOf(
    "pod",
    wanted,
    groups.flatMap(({ pods }) => pods),
    (each) => each,
  );
}

function nearestOf(
  what: string,
  wanted: string,
  known: readonly string[],
  shortOf: (name: string) => string,
): readonly string[] {
  if (known.length === 0) return [`it has no ${what}s`];
  const near = nearest(wanted, known.map(shortOf));
  return [
    `it has no ${what} ${wanted}${near === undefined || near === wanted ? "" : `; did you mean ${near}?`}`,
    ...cut(known.map((each) => `  ${each}`)),
  ];
}
