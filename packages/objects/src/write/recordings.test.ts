import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { kindOfResource } from "../schema/kind.ts";
import { type ApplyTrace, fixture, fixtures, sharedTraces } from "../testing/traces.ts";
import type { WriteRequest, WriteResult, WriteVerb } from "./request.ts";
import { writeObject } from "./write-object.ts";

interface Recording {
  readonly path: string;
  readonly steps: readonly Step[];
}

interface Step {
  readonly request: { readonly contentType: string; readonly query: string; readonly body: Json };
  readonly status: number;
  readonly stored?: JsonObject;
  readonly message?: string;
  readonly reason?: string;
  readonly causes?: readonly { readonly field: string }[] | null;
}

const VERBS: Readonly<Record<string, WriteVerb>> = {
  "application/apply-patch+yaml": "apply",
  "application/json-patch+json": "json-patch",
  "application/merge-patch+json": "merge-patch",
  "application/strategic-merge-patch+json": "strategic-merge-patch",
};

const addresses = {
  refuseClusterIp: () => undefined,
  nextClusterIp: () => "10.0.0.9",
  refuseNodePort: () => undefined,
  nextNodePort: (taken: ReadonlySet<number>) => 30000 + taken.size,
};

const context = { time: "2026-01-31T12:00:00Z", addresses };

function write(
  path: string,
  live: JsonObject | undefined,
  { contentType, query, body }: Step["request"],
): WriteResult {
  const [, apiVersion = "", namespace = "", plural = "", name = ""] =
    /^\/apis?\/(.*)\/namespaces\/(\w+)\/(\w+)\/(\w+)$/.exec(path) ?? [];
  const parameters = new URLSearchParams(query);
  const request: WriteRequest = {
    apiVersion,
    kind: kindOfResource(apiVersion, plural)!.kind,
    namespace,
    name,
    verb: VERBS[contentType]!,
    body,
    manager: parameters.get("fieldManager") ?? "",
    force: parameters.get("force") === "true",
  };
  return writeObject(live, request, context);
}

/** What of an answer must agree: traces/README.md, "What agreement means". */
function comparable(result: WriteResult): unknown {
  if (result.kind === "stored")
    return { status: result.created ? 201 : 200, stored: comparableObject(result.object) };
  const { code, reason, message, details } = result.status;
  return failure(code, reason, message, details?.causes ?? []);
}

function recorded({ status, stored, reason = "", message = "", causes }: Step): unknown {
  return stored
    ? { status, stored: comparableObject(stored) }
    : failure(status, reason, message, causes ?? []);
}

function failure(
  status: number,
  reason: string,
  message: string,
  causes: readonly { readonly field: string }[],
): unknown {
  return {
    status,
    reason,
    message: message.split("\n")[0],
    fields: causes.map((cause) => cause.field).sort(),
  };
}

function comparableObject(object: JsonObject): unknown {
  const copy = JSON.parse(JSON.stringify(object));
  for (const name of ["uid", "resourceVersion", "creationTimestamp"]) delete copy.metadata[name];
  for (const name of ["clusterIP", "clusterIPs", "healthCheckNodePort"]) delete copy.spec?.[name];
  for (const port of copy.spec?.ports ?? []) delete port.nodePort;
  copy.metadata.managedFields = managersOf(copy.metadata.managedFields);
  return copy;
}

function managersOf(entries: readonly Record<string, Json>[] = []): unknown {
  const key = (entry: Record<string, Json>) =>
    [entry["manager"], entry["operation"], entry["apiVersion"], entry["subresource"]].join(" ");
  return Object.fromEntries(entries.map((entry) => [key(entry), entry["fieldsV1"]]));
}

function replay({ path, steps }: Recording): void {
  let live: JsonObject | undefined;
  for (const [index, step] of steps.entries()) {
    expect({ index, ...Object(comparable(write(path, live, step.request))) }).toEqual({
      index,
      ...Object(recorded(step)),
    });
    if (step.stored && !step.request.query.includes("dryRun")) live = step.stored;
  }
}

function read(text: string): Recording {
  return JSON.parse(text.replaceAll("NAMESPACE", "replay"));
}

describe("sequences of writes that a real API server 1.36.2 answered", () => {
  test.each(fixtures("patch"))("%s", (name) => replay(read(JSON.stringify(fixture(name)))));

  const shared = sharedTraces();
  test.skipIf(!shared)("all recordings (skipped where ../shared is absent)", () => {
    const folder = join(shared!, "patch");
    const files = readdirSync(folder);
    expect(files.length).toBeGreaterThanOrEqual(120);
    for (const file of files) replay(read(readFileSync(join(folder, file), "utf8")));
  });
});

describe("the store's objects, applied", () => {
  test.each(fixture<ApplyTrace[]>("apply-aks-store-quickstart.json"))(
    "$input.kind $input.metadata.name",
    (trace) => {
      const result = applied(trace);
      expect(result).toEqual(asStored(trace.stored, trace.managedFields));
    },
  );

  function applied({ input }: ApplyTrace): unknown {
    const { apiVersion, kind, metadata } = input;
    if (typeof apiVersion !== "string" || typeof kind !== "string" || !isJsonObject(metadata))
      throw new Error("no object");
    const [namespace, name] = [String(metadata["namespace"]), String(metadata["name"])];
    const result = writeObject(
      undefined,
      { apiVersion, kind, namespace, name, verb: "apply", manager: "berth", body: input },
      context,
    );
    return result.kind === "stored" ? asStored(result.object) : result;
  }

  function asStored(object: JsonObject, managedFields?: readonly JsonObject[]): unknown {
    const { status: _status, ...copy } = JSON.parse(JSON.stringify(object));
    if (managedFields) copy.metadata.managedFields = JSON.parse(JSON.stringify(managedFields));
    for (const name of ["namespace", "uid", "resourceVersion", "creationTimestamp"])
      delete copy.metadata[name];
    for (const entry of copy.metadata.managedFields) delete entry.time;
    for (const name of ["clusterIP", "clusterIPs"]) delete copy.spec?.[name];
    for (const port of copy.spec?.ports ?? []) delete port.nodePort;
    return copy;
  }
});
