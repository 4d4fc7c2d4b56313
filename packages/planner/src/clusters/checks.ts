import { type CodeEntry, nearest, type Problem, problem, type ProblemDetail } from "@berth/diagnostics";
import {
  type ContainerPort,
  formatLabelSelector,
  type KubernetesObject,
  matchesPairs,
  podTemplateOf,
  type PodTemplateSpec,
  type Service,
} from "@berth/objects";
import { plannerCodes } from "../codes.ts";
import { isOfKind, kubernetesObject } from "./kinds.ts";
import type { Played } from "./play.ts";
import { referenceOf } from "./reference.ts";
import type { Actor, Scene } from "./scene.ts";

/** Pods by what they are made from: a workload's template, or a pod of its own. */
interface Candidate {
  /** `Deployment web` */
  readonly name: string;
  readonly namespace: string;
  readonly template: PodTemplateSpec;
}

/**
 * Checks that the API server cannot make: whether each declared service selects pods, and whether
 * those have the ports that it goes to. What is not known yet is not judged.
 */
export function checkServices({ actors }: Scene, { after }: Played): readonly Problem[] {
  const candidates = after.flatMap(candidateOf);
  return [...actors.values()].flatMap((actor) =>
    (actor.kept ? [] : actor.after.objects).flatMap(({ object: json, unknownPaths }) => {
      const object = kubernetesObject(json);
      if (!object || !isOfKind(object, "v1 Service") || isUnknown("spec.selector", unknownPaths)) return [];
      return checkService(object, unknownPaths, candidates, reporterFor(actor));
    }),
  );
}

type Report = (entry: CodeEntry, detail: ProblemDetail) => readonly Problem[];

function checkService(
  service: Service & KubernetesObject,
  unknownPaths: readonly string[],
  candidates: readonly Candidate[],
  report: Report,
): readonly Problem[] {
  const { selector = {}, ports = [], type } = service.spec ?? {};
  if (Object.keys(selector).length === 0 || type === "ExternalName") return [];
  const { namespace = "" } = referenceOf(service);
  const neighbours = candidates.filter((each) => each.namespace === namespace);
  const selected = neighbours.filter(({ template }) => matchesPairs(selector, template.metadata?.labels));
  if (selected.length === 0) {
    const message = `no pod in namespace ${namespace} has the labels ${formatLabelSelector({ matchLabels: selector })}`;
    return report(plannerCodes.BERTH3101, {
      message,
      path: "spec.selector",
      ...hinted(labelsHint(selector, neighbours)),
    });
  }
  return ports.flatMap((port, index) => {
    const path = `spec.ports[${index}].targetPort`;
    if (isUnknown(path, unknownPaths)) return [];
    return checkPort(port.targetPort ?? port.port, port.protocol ?? "TCP", path, selected, report);
  });
}

function checkPort(
  target: number | string,
  protocol: string,
  path: string,
  selected: readonly Candidate[],
  report: Report,
): readonly Problem[] {
  const declared = selected
    .flatMap(({ template }) => containerPorts(template))
    .filter((each) => (each.protocol ?? "TCP") === protocol);
  const workloads = [...new Set(selected.map((each) => each.name))].join(", ");
  if (typeof target === "string") {
    if (declared.some((each) => each.name === target)) return [];
    const near = nearest(
      target,
      declared.flatMap((each) => each.name ?? []),
    );
    const message = `no container of ${workloads} has a ${protocol} port named ${JSON.stringify(target)}`;
    return report(plannerCodes.BERTH3102, {
      message,
      path,
      ...hinted(near && `did you mean ${JSON.stringify(near)}?`),
    });
  }
  if (declared.some((each) => each.containerPort === target)) return [];
  const message = `no container of ${workloads} declares ${protocol} port ${target}`;
  const numbers = [...new Set(declared.map((each) => each.containerPort))].join(", ");
  return report(plannerCodes.BERTH3103, {
    severity: "warning",
    message,
    path,
    ...hinted(numbers && `declared: ${numbers}`),
  });
}

/** Pods that a workload made are its template's. */
function candidateOf(object: KubernetesObject): readonly Candidate[] {
  const owned = object.metadata?.ownerReferences?.some((each) => each.controller === true) ?? false;
  const template = owned ? undefined : podTemplateOf(object);
  if (!template) return [];
  const { kind, namespace = "", name } = referenceOf(object);
  return [{ name: `${kind} ${name}`, namespace, template }];
}

/** Ports of containers that run: init containers count where they stay as sidecars. */
function containerPorts({ spec }: PodTemplateSpec): readonly ContainerPort[] {
  const sidecars = (spec?.initContainers ?? []).filter((each) => each.restartPolicy === "Always");
  return [...(spec?.containers ?? []), ...sidecars].flatMap((each) => each.ports ?? []);
}

/** The workload that has some of the labels' keys, and what it says there. */
function labelsHint(
  selector: Readonly<Record<string, string>>,
  neighbours: readonly Candidate[],
): string | undefined {
  const keys = Object.keys(selector);
  for (const { name, template } of neighbours) {
    const labels = Object.entries(template.metadata?.labels ?? {}).filter(([key]) => keys.includes(key));
    if (labels.length > 0)
      return `${name} has ${formatLabelSelector({ matchLabels: Object.fromEntries(labels) })}`;
  }
  return undefined;
}

/** Whether a path, what it is in, or a part of it is not known yet. */
function isUnknown(path: string, unknownPaths: readonly string[]): boolean {
  const within = (inner: string, outer: string): boolean =>
    inner.startsWith(outer) && /^($|[.[])/.test(inner.slice(outer.length));
  return unknownPaths.some((each) => within(path, each) || within(each, path));
}

function hinted(text: string | undefined): { readonly hint?: string } {
  return text ? { hint: text } : {};
}

/** Reports on a resource, unless it silences the code. */
function reporterFor({ urn, standing }: Actor): Report {
  return (entry, detail) => {
    if (standing?.resource.options.silence.includes(entry.code) === true) return [];
    return [
      problem(entry, { ...detail, resource: urn, ...(standing ? { site: standing.resource.site } : {}) }),
    ];
  };
}
