import { type CodeEntry, nearest, type Problem, problem, throwIfErrors } from "@berth/diagnostics";
import { schedulerCodes } from "../codes.ts";
import { extensionPoints, type KubeSchedulerConfiguration, type SchedulerProfile } from "../configuration.ts";
import { checkArgs } from "./check-args.ts";
import { type DefaultPlugin, defaultPlugins } from "./default-plugins.ts";
import { selectPlugins } from "./plugin-selection.ts";
import type { KubernetesVersion } from "./version.ts";

/** Reports one thing that is wrong with a configuration. */
export type Report = (code: CodeEntry, path: string, message: string, hint?: string) => void;

/** Throws all that kube-scheduler would refuse, or that berth cannot run. */
export function checkConfiguration(
  configuration: KubeSchedulerConfiguration,
  version: KubernetesVersion,
): void {
  const problems: Problem[] = [];
  const report: Report = (code, path, message, hint) =>
    problems.push(problem(code, { message, path, ...(hint && { hint }) }));
  const {
    apiVersion = "kubescheduler.config.k8s.io/v1",
    kind = "KubeSchedulerConfiguration",
    profiles = [],
  } = configuration;
  const invalid = schedulerCodes.BERTH2108;
  if (apiVersion !== "kubescheduler.config.k8s.io/v1")
    report(invalid, "apiVersion", `${JSON.stringify(apiVersion)} is not known`);
  if (kind !== "KubeSchedulerConfiguration")
    report(invalid, "kind", `${JSON.stringify(kind)} is not a scheduler configuration`);
  if (Array.isArray(configuration["extenders"]) && configuration["extenders"].length > 0) {
    report(invalid, "extenders", "extenders run outside of the scheduler and cannot be foretold");
  }
  if (!Array.isArray(profiles)) report(invalid, "profiles", "must be a list");
  const names = new Set<string>();
  const known = defaultPlugins(version);
  (Array.isArray(profiles) ? profiles : []).forEach((profile: SchedulerProfile, i) => {
    const path = `profiles[${i}]`;
    const name = profile.schedulerName ?? "default-scheduler";
    if (names.has(name)) report(invalid, `${path}.schedulerName`, `${JSON.stringify(name)} is there twice`);
    names.add(name);
    checkPlugins(profile, known, path, report);
    checkArgs(profile, known, path, report);
  });
  throwIfErrors(problems);
}

function checkPlugins(
  profile: SchedulerProfile,
  known: readonly DefaultPlugin[],
  path: string,
  report: Report,
): void {
  const names = known.map(({ name }) => name);
  for (const [point, set] of Object.entries(profile.plugins ?? {})) {
    const at = `${path}.plugins.${point}`;
    if (!extensionPoints.some((each) => each === point)) {
      const near = nearest(point, extensionPoints);
      report(
        schedulerCodes.BERTH2108,
        at,
        `there is no extension point ${point}`,
        near && `did you mean ${near}?`,
      );
      continue;
    }
    for (const list of ["enabled", "disabled"] as const) {
      (set?.[list] ?? []).forEach((each: { readonly name: string; readonly weight?: number }, i) => {
        const here = `${at}.${list}[${i}]`;
        const all = list === "disabled" && each.name === "*";
        if (!all && !names.some((name) => name === each.name)) {
          const near = nearest(each.name, names);
          report(
            schedulerCodes.BERTH2107,
            `${here}.name`,
            `there is no plugin ${JSON.stringify(each.name)}`,
            near && `did you mean ${near}?`,
          );
        }
        const { weight = 1 } = each;
        if (!Number.isInteger(weight) || weight < 0 || weight > 1_000_000) {
          report(
            schedulerCodes.BERTH2108,
            `${here}.weight`,
            `${weight} is no weight: it must be a whole number from 0 to 1000000`,
          );
        }
      });
    }
  }
  checkPairs(profile, known, path, report);
}

/** A Filter without its PreFilter, or a Score without its PreScore, fails every pod in kube-scheduler. */
function checkPairs(
  profile: SchedulerProfile,
  known: readonly DefaultPlugin[],
  path: string,
  report: Report,
): void {
  for (const [before, point] of [
    ["preFilter", "filter"],
    ["preScore", "score"],
  ] as const) {
    const prepared = new Set(selectPlugins(before, known, profile.plugins).map(({ name }) => name));
    for (const { name } of selectPlugins(point, known, profile.plugins)) {
      const needs = known.some((each) => each.name === name && each.points.includes(before));
      if (needs && !prepared.has(name)) {
        report(
          schedulerCodes.BERTH2108,
          `${path}.plugins.${before}`,
          `${name} is on at ${point} and needs ${before} too`,
        );
      }
    }
  }
}
