import { type Problem, problem, throwIfErrors } from "@berth/diagnostics";
import { amountOf } from "./cluster/quantity.ts";
import { schedulerCodes } from "./codes.ts";
import type { Node, Pod, ResourceList } from "./kubernetes.ts";
import { resourceLimit } from "./plugins/node-resources-fit.ts";

const checked = new WeakSet<object>();

/** Throws all that keeps a pod from being scheduled as Kubernetes would. */
export function checkPod(pod: Pod): void {
  if (checked.has(pod)) return;
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
  throwIfErrors(problems);
  checked.add(pod);
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
    const amount = amountOf(quantity, "thousandths");
    if (amount !== undefined && amount >= 0) return [];
    const message =
      amount === undefined ? `${JSON.stringify(quantity)} is not a quantity` : `${quantity} is negative`;
    return [
      problem(schedulerCodes.BERTH2101, { message, path: `${path}[${JSON.stringify(name)}]`, resource }),
    ];
  });
}
