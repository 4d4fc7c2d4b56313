import { type Problem, problem, throwIfErrors } from "@berth/diagnostics";
import { schedulerCodes } from "./codes.ts";
import { type Node, type Pod, readQuantity } from "@berth/objects";
import type { ResourceList } from "./cluster/requests.ts";
import { resourceLimit } from "./plugins/node-resources-fit.ts";

/** Throws what keeps a pod from being told from others. */
export function checkName(pod: Pod): void {
  if (pod.metadata?.name && pod.spec !== undefined) return;
  checkPod(pod);
}

/** Throws all that keeps a pod from being scheduled as Kubernetes would. */
export function checkPod(pod: Pod): void {
  const resource = `Pod ${pod.metadata?.namespace ?? "default"}/${pod.metadata?.name ?? ""}`;
  const problems: Problem[] = [];
  const invalid = (path: string, message: string) =>
    problems.push(problem(schedulerCodes.BERTH2106, { message, path, resource }));
  if (!pod.metadata?.name) invalid("metadata.name", "a pod needs a name");
  if (pod.spec === undefined) invalid("spec", "a pod needs a spec");
  const names = new Set<string>();
  const quantities = (path: string, list: ResourceList | undefined) => {
    for (const name of Object.keys(list ?? {})) names.add(name);
    problems.push(...quantityProblems(list, path, resource));
  };
  for (const kind of ["containers", "initContainers"] as const) {
    pod.spec?.[kind]?.forEach((container, i) => {
      quantities(`spec.${kind}[${i}].resources.requests`, container.resources?.requests);
      quantities(`spec.${kind}[${i}].resources.limits`, container.resources?.limits);
    });
  }
  quantities("spec.overhead", pod.spec?.overhead);
  quantities("spec.resources.requests", pod.spec?.resources?.requests);
  if (names.size > resourceLimit)
    invalid("spec", `a pod can request ${resourceLimit} different resources, not ${names.size}`);
  const priority = pod.spec?.priority;
  if (priority !== undefined && !Number.isInteger(priority))
    invalid("spec.priority", `${priority} is no priority`);
  const nodeAffinity = pod.spec?.affinity?.nodeAffinity;
  nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ weight }, i) => {
    const path = `spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[${i}].weight`;
    if (!isWhole(weight, 0, 100))
      invalid(path, `${weight} is no weight: it must be a whole number from 1 to 100`);
  });
  for (const kind of ["podAffinity", "podAntiAffinity"] as const) {
    pod.spec?.affinity?.[kind]?.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ weight }, i) => {
      const path = `spec.affinity.${kind}.preferredDuringSchedulingIgnoredDuringExecution[${i}].weight`;
      if (!isWhole(weight, 1, 100))
        invalid(path, `${weight} is no weight: it must be a whole number from 1 to 100`);
    });
  }
  pod.spec?.topologySpreadConstraints?.forEach(({ maxSkew, minDomains = 1 }, i) => {
    const path = `spec.topologySpreadConstraints[${i}]`;
    if (!isWhole(maxSkew, 1, largest))
      invalid(`${path}.maxSkew`, `${maxSkew} is no skew: it must be a whole number from 1 on`);
    if (!isWhole(minDomains, 1, largest))
      invalid(`${path}.minDomains`, `${minDomains} must be a whole number from 1 on`);
  });
  throwIfErrors(problems);
}

const largest = 2 ** 31 - 1;

function isWhole(value: number, from: number, to: number): boolean {
  return Number.isInteger(value) && value >= from && value <= to;
}

export function checkNode(node: Node): void {
  const resource = `Node ${node.metadata?.name ?? ""}`;
  const problems: Problem[] = [];
  if (!node.metadata?.name) {
    problems.push(
      problem(schedulerCodes.BERTH2106, { message: "a node needs a name", path: "metadata.name", resource }),
    );
  }
  problems.push(...quantityProblems(node.status?.allocatable, "status.allocatable", resource));
  throwIfErrors(problems);
}

function quantityProblems(list: ResourceList | undefined, path: string, resource: string): Problem[] {
  return Object.entries(list ?? {}).flatMap(([name, quantity]) => {
    const amount = readQuantity(quantity)?.nano;
    if (amount !== undefined && amount >= 0n) return [];
    const message =
      amount === undefined ? `${JSON.stringify(quantity)} is not a quantity` : `${quantity} is negative`;
    return [
      problem(schedulerCodes.BERTH2101, { message, path: `${path}[${JSON.stringify(name)}]`, resource }),
    ];
  });
}
