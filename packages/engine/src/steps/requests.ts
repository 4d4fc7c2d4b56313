import type { GraphResource, Ownership, ResourceRecord, Urn, ValueObject } from "@berth/core";
import type { Step } from "@berth/planner";
import { configurationFor } from "../configuration.ts";
import type { Running } from "./running.ts";

/** What every request about a declared resource says. */
export function requestOf(running: Running, step: Step, resource: GraphResource, inputs: ValueObject) {
  const { redactor, emit } = running;
  const { urn, type, name, cluster } = resource;
  const { id, action } = step;
  const progress = (message: string): void =>
    emit({ kind: "step-progress", step: id, urn, type, name, action, message: redactor.text(message) });
  return { urn, type, inputs, progress, ...(cluster !== undefined && { cluster }) };
}

/** Whose it is, as it is written on the thing. */
export function ownershipOf({ operation }: Running, urn: Urn, operationKey: string): Ownership {
  const { project, stack } = operation.graph;
  return { project, stack, urn, operationKey };
}

/** With which configuration its provider is to work. @throws BERTH6010 */
export function configurationOf(
  { session, secrets, redactor }: Running,
  of: Pick<ResourceRecord, "urn" | "providerResource">,
): { readonly configuration?: ValueObject } {
  return configurationFor(of, { records: (urn) => session.record(urn), secrets, redactor });
}
