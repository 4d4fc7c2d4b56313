import type { ResourceRecord } from "@berth/core";
import type { Step } from "@berth/planner";
import { create } from "./creation.ts";
import { remove } from "./deletion.ts";
import { aroundCreateOrUpdate, declaredSubject, withHooks } from "./hooks.ts";
import { importResource } from "./import.ts";
import { knownInputs, refuseDisagreement } from "./inputs.ts";
import { changeProvider, configure } from "./provider-resource.ts";
import { read } from "./read.ts";
import { isSuperseded } from "./replacement.ts";
import type { Running, StepOutcome } from "./running.ts";
import { clear } from "./supersession.ts";
import { update } from "./update.ts";

/**
 * Runs a single step: evaluates, checks that it is what the plan showed, announces it in the journal,
 * asks the provider, records the answer.
 *
 * @throws what went wrong; the journal says how far it got
 */
export async function runStep(running: Running, step: Step): Promise<StepOutcome> {
  if (step.superseded) return clear(running, step);
  if (step.action === "delete" || step.action === "forget") return remove(running, step);
  const { urn } = step;
  const resource = running.resource(urn);
  if (step.action === "read") {
    await read(running, resource);
    return "done";
  }
  const current = running.session.record(urn);
  // What was only read until now is made, or taken over, as if nothing were recorded.
  const standing = current?.external ? undefined : current;
  const supersedes = step.action === "create" && standing !== undefined && isSuperseded(running, standing);
  const record = supersedes ? undefined : standing;
  const generation = (record ?? running.change(urn)).generation ?? 0;
  const inputs = knownInputs(running, resource, { generation, updated: record });
  if (resource.definition.isProvider) return configure(running, resource, record, inputs);
  const differences = record ? running.differences(resource, record, inputs) : [];
  if (running.isUncertain(step.urn) && record && differences.length === 0) {
    await changeProvider(running, resource, record);
    return "unchanged";
  }
  const { import: importedId } = resource.options;
  if (step.action === "import" && importedId !== undefined) {
    await importResource(running, step, resource, importedId, inputs);
    return "done";
  }
  refuseDisagreement(running, resource, record, inputs, differences);
  const now = (): ResourceRecord | undefined => {
    const latest = running.session.record(urn);
    if (latest?.external) return undefined;
    return supersedes && latest?.operationKey === standing?.operationKey ? undefined : latest;
  };
  await withHooks(
    running,
    aroundCreateOrUpdate(resource, record ? "update" : "create"),
    () => declaredSubject(running, resource, now(), inputs),
    async () => {
      const before = now();
      if (before) await update(running, step, resource, before, inputs);
      else await create(running, step, resource, inputs, { supersedes, generation });
    },
  );
  return "done";
}
