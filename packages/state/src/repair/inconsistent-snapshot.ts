import type { Json, PendingOperation, ResourceRecord } from "@berth/core";
import { stateCodes } from "../codes.ts";
import { stateError } from "../damage.ts";
import { isJsonObject, parseJson } from "../parse.ts";
import {
  isOperation,
  isRecord,
  isSecretsKey,
  missingOperationFields,
  missingRecordFields,
} from "../shape.ts";
import { fenceOf, refuseForeign } from "../snapshot.ts";
import type { RepairFinding } from "./finding.ts";
import type { Base, RepairSubject } from "./repair-state.ts";
import { statedChecksum } from "./salvage-snapshot.ts";

/** A snapshot as it was written, and not whole: what has no shape is dropped here, the rest is mended later. */
export function inconsistentSnapshot(text: string, subject: RepairSubject): Base {
  const findings: RepairFinding[] = [];
  const drop = (value: Json, fields: readonly string[]): void => {
    const urn = isJsonObject(value) ? value["urn"] : undefined;
    const id =
      isJsonObject(value) && typeof value["id"] === "string" && value["id"] !== ""
        ? ` Its id is ${value["id"]}.`
        : "";
    const name = typeof urn === "string" && urn !== "" ? urn : "a record without URN";
    findings.push({ what: "dropped", message: `${name} has no ${fields.join(", ")}.${id}` });
  };
  const value = parseJson(text);
  const parts = isJsonObject(value) ? value : {};
  const file = subject.snapshotName;
  if (parts["format"] !== "berth.state")
    throw stateError(stateCodes.BERTH4030, file, "it is not a state of berth");
  refuseForeign({ project: parts["project"], stack: parts["stack"] }, subject, file);
  const records = (list: Json | undefined): readonly ResourceRecord[] =>
    listOf(list).flatMap((each) => {
      if (isRecord(each)) return [each];
      drop(each, isJsonObject(each) ? missingRecordFields(each) : ["fields"]);
      return [];
    });
  const resources = records(parts["resources"]);
  const superseded = records(parts["superseded"]);
  const pending = listOf(parts["pending"]).flatMap((each): readonly PendingOperation[] => {
    if (isOperation(each)) return [each];
    drop(each, isJsonObject(each) ? missingOperationFields(each) : ["fields"]);
    return [];
  });
  const { serial, outputs, secretsKey } = parts;
  return {
    state: {
      project: subject.project,
      stack: subject.stack,
      serial: Number.isSafeInteger(serial) ? Math.max(0, Number(serial)) : 0,
      outputs: isJsonObject(outputs) ? outputs : {},
      resources,
      ...(superseded.length > 0 && { superseded }),
      pending,
      ...(isSecretsKey(secretsKey) && { secretsKey }),
    },
    checksum: statedChecksum(text),
    fence: fenceOf(parts),
    findings,
  };
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
