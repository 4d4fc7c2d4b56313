import { applyFields, type FieldWrite, updateFields, type Writer } from "../apply/apply-object.ts";
import { checkTyped, typedFaultText } from "../apply/check-typed.ts";
import { EMPTY, type FieldSet, topLevelFields } from "../apply/field-set.ts";
import { type Managers, readManagers, writeManagers } from "../apply/managed-fields.ts";
import { withDefaults } from "../defaults/apply-defaults.ts";
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type MutableJsonObject,
  numberAt,
  objectAt,
  sameJson,
  textAt,
} from "../json.ts";
import { jsonPatch } from "../patch/json-patch.ts";
import { mergePatch } from "../patch/merge-patch.ts";
import { PatchError } from "../patch/patch-error.ts";
import { strategicMergePatch } from "../patch/strategic-merge-patch.ts";
import type { FieldError } from "../rules/field-error.ts";
import { checkMetadata, checkMetadataUpdate } from "../rules/metadata.ts";
import { pathSegmentName } from "../rules/content.ts";
import { rulesOf } from "../rules/rules-of.ts";
import { type Kind, requireKind } from "../schema/kind.ts";
import { storedForm } from "../schema/stored-form.ts";
import { decodeFault, unknownFields } from "./decode.ts";
import type { Stored, WriteContext, WriteRequest, WriteResult } from "./request.ts";
import { assignAddresses } from "./service-addresses.ts";
import {
  alreadyExists,
  applyConflict,
  badRequest,
  failure,
  forbiddenObject,
  inapplicablePatch,
  invalidObject,
  notFoundStatus,
  staleVersion,
  type Status,
  uidMismatch,
  unreadablePatch,
} from "./status.ts";
import { carryOver, isBlank, setOrDelete, withoutManagedFields, withoutTimes } from "./stored-metadata.ts";

/**
 * What an API server 1.36 does with a write: merges or patches, tracks who owns which field, fills in defaults,
 * prepares and validates. Pure: it stores nothing, and the same arguments give the same result.
 *
 * @param live the stored object with its managedFields; nothing where there is none
 * @throws BerthError `BERTH2004` for a kind that is not built in
 * @example
 * writeObject(undefined, { apiVersion: "v1", kind: "ConfigMap", namespace: "shop", name: "a", verb: "apply",
 *   manager: "berth", body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: {} } },
 *   { time: "2026-01-31T12:00:00Z" });
 */
export function writeObject(
  live: JsonObject | undefined,
  request: WriteRequest,
  context: WriteContext,
): WriteResult {
  try {
    return new Write(live, request, context).run();
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", status: error.status };
    throw error;
  }
}

/** Leaves the steps of a write; never leaves this file. */
class Refusal extends Error {
  readonly status: Status;

  constructor(status: Status) {
    super(status.message);
    this.status = status;
  }
}

class Write {
  readonly #kind: Kind;
  readonly #live: JsonObject | undefined;
  readonly #request: WriteRequest;
  readonly #context: WriteContext;

  constructor(live: JsonObject | undefined, request: WriteRequest, context: WriteContext) {
    this.#kind = requireKind(request.apiVersion, request.kind);
    this.#live = live;
    this.#request = request;
    this.#context = context;
  }

  run(): WriteResult {
    const { verb, name } = this.#request;
    const live = this.#live;
    if (verb === "create" && live) throw new Refusal(alreadyExists(this.#kind, name));
    if (!live && verb !== "create" && verb !== "apply") throw new Refusal(notFoundStatus(this.#kind, name));
    if (!live && this.#request.subresource) throw new Refusal(notFoundStatus(this.#kind, name));
    const { object, managers } = verb === "apply" ? this.#apply() : this.#update();
    this.#checkIdentity(object);
    const stored = live ? this.#prepareUpdate(object, live) : this.#prepareCreate(object);
    return this.#finish(stored, managers);
  }

  #apply(): { object: MutableJsonObject; managers: Managers } {
    const { body, name, namespace, apiVersion, kind, force = false } = this.#request;
    const stated = this.#requireObject(body);
    if (stated["apiVersion"] !== apiVersion || stated["kind"] !== kind) {
      throw new Refusal(
        badRequest(`invalid object type: ${groupVersionKind(stated["apiVersion"], stated["kind"])}`),
      );
    }
    const managedFields = objectAt(stated, "metadata")?.["managedFields"];
    if (managedFields !== undefined && managedFields !== null)
      throw new Refusal(badRequest("metadata.managedFields must be nil"));
    const subject = `${namespace ?? textAt(objectAt(stated, "metadata"), "namespace")}/${name}; ${groupVersionKind(apiVersion, kind)}`;
    const faults = checkTyped(this.#kind.type, stated);
    if (faults.length > 0)
      throw new Refusal(
        internal(`failed to create typed patch object (${subject}): ${typedFaultText(faults)}`),
      );
    const managers = readManagers(objectAt(this.#live, "metadata")?.["managedFields"]);
    if (!managers) throw new Refusal(internal("failed to decode managed fields"));

    const applied = applyFields(this.#fieldWrite(managers), stated, force);
    if (applied.kind === "conflicts") throw new Refusal(applyConflict(applied.owners));
    const fault = decodeFault(this.#kind.type, applied.object);
    if (fault !== undefined)
      throw new Refusal(
        internal(`failed to convert new object (${subject}) to proper version (${apiVersion}): ${fault}`),
      );
    return { object: withDefaults(this.#kind.type, applied.object), managers: applied.managers };
  }

  #update(): { object: MutableJsonObject; managers: Managers } {
    const { verb, strict = false } = this.#request;
    const raw = this.#patched();
    const isPatch = verb !== "create" && verb !== "replace";
    const fault = decodeFault(this.#kind.type, raw);
    if (fault !== undefined && isPatch) throw new Refusal(unreadablePatch(JSON.stringify(raw), fault));
    if (fault !== undefined) {
      const { kind, apiVersion } = this.#request;
      const version = apiVersion.slice(apiVersion.indexOf("/") + 1);
      throw new Refusal(
        badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${fault}`),
      );
    }
    const unknown = strict ? unknownFields(this.#kind.type, raw) : [];
    if (unknown.length > 0) {
      throw new Refusal(
        badRequest(`strict decoding error: ${unknown.map((path) => `unknown field "${path}"`).join(", ")}`),
      );
    }
    const object = withDefaults(this.#kind.type, raw);
    const stated =
      objectAt(object, "metadata")?.["managedFields"] ?? objectAt(raw, "metadata")?.["managedFields"];
    const known = readManagers(objectAt(this.#live, "metadata")?.["managedFields"]) ?? new Map();
    const isReset =
      Array.isArray(objectAt(raw, "metadata")?.["managedFields"]) &&
      isBlank(objectAt(raw, "metadata")?.["managedFields"]);
    const given = readManagers(stated);
    const managers = isReset ? new Map() : given && given.size > 0 ? given : known;
    delete objectAt(object, "metadata")?.["managedFields"];
    // An object that was stored without owners is not tracked until somebody applies it.
    const isTracked = managers.size > 0 || !this.#live;
    return { object, managers: isTracked ? updateFields(this.#fieldWrite(managers), object) : managers };
  }

  /** The object as the request wants it, before it is read into its type. */
  #patched(): JsonObject {
    const { verb, body } = this.#request;
    if (verb === "create" || verb === "replace") return this.#requireObject(body);
    const live = this.#live ?? {};
    try {
      if (verb === "json-patch") return this.#requireObject(jsonPatch(live, body));
      if (verb === "strategic-merge-patch") return strategicMergePatch(this.#kind.type, live, body);
      return this.#requireObject(mergePatch(live, body));
    } catch (error) {
      if (!(error instanceof PatchError)) throw error;
      switch (error.fault) {
        case "inapplicable":
          throw new Refusal(inapplicablePatch());
        case "malformed":
          throw new Refusal(badRequest(error.message));
        case "too-large":
          throw new Refusal(
            failure(413, "RequestEntityTooLarge", `Request entity is too large: ${error.message}`),
          );
        case "internal":
          throw new Refusal(internal(error.message));
      }
    }
  }

  #requireObject(body: Json): JsonObject {
    if (isJsonObject(body)) return body;
    throw new Refusal(badRequest("the body of the request is not an object"));
  }

  #fieldWrite(managers: Managers): FieldWrite {
    const { manager, subresource, apiVersion, kind } = this.#request;
    const writer: Writer = {
      manager: manager === "" ? "unknown" : manager,
      apiVersion,
      time: this.#context.time,
      ...(subresource ? { subresource } : {}),
    };
    const { type } = this.#kind;
    const live = this.#live ? withoutManagedFields(this.#live) : storedForm(type, { apiVersion, kind });
    return { type, live, managers, writer, ignored: this.#ignoredFields() };
  }

  #ignoredFields(): FieldSet {
    if (this.#request.subresource === "status") return topLevelFields(this.#kind.type, ["spec"]);
    return this.#kind.subresources.includes("status") ? topLevelFields(this.#kind.type, ["status"]) : EMPTY;
  }

  #checkIdentity(object: MutableJsonObject): void {
    const { name, namespace } = this.#request;
    const metadata = objectAt(object, "metadata");
    const [stated, statedNamespace] = [textAt(metadata, "name"), textAt(metadata, "namespace")];
    if (stated !== name) {
      throw new Refusal(
        badRequest(`the name of the object (${stated}) does not match the name on the URL (${name})`),
      );
    }
    if (namespace !== undefined && statedNamespace !== "" && statedNamespace !== namespace) {
      const message = `the namespace of the object (${statedNamespace}) does not match the namespace on the request (${namespace})`;
      throw new Refusal(badRequest(message));
    }
    if (metadata && namespace !== undefined) metadata["namespace"] = namespace;
    const [version, current] = [
      textAt(metadata, "resourceVersion"),
      textAt(objectAt(this.#live, "metadata"), "resourceVersion"),
    ];
    if (version !== "" && version !== current) throw new Refusal(staleVersion(this.#kind, name));
    const uid = textAt(metadata, "uid");
    if (uid !== "" && !this.#live && this.#request.verb === "apply")
      throw new Refusal(uidMismatch(this.#kind, name, uid));
  }

  #prepareCreate(object: MutableJsonObject): MutableJsonObject {
    const rules = rulesOf(this.#kind);
    const { status: _status, ...rest } = object;
    // Nodes come with their status; everything else starts with none.
    const fresh =
      this.#kind.kind === "Node" || !this.#kind.subresources.includes("status")
        ? object
        : withDefaults(this.#kind.type, rest);
    const metadata = objectAt(fresh, "metadata");
    if (metadata) {
      for (const name of [
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "selfLink",
        "generation",
        "managedFields",
      ])
        delete metadata[name];
      Object.assign(metadata, this.#context.identity ?? {});
      if (rules.hasGeneration) metadata["generation"] = 1;
    }
    const reason = rules.forbidCreate?.(fresh, this.#context);
    if (reason !== undefined) throw new Refusal(forbiddenObject(this.#kind, this.#request.name, reason));
    this.#assignAddresses(fresh, undefined);
    rules.prepareCreate?.(fresh, this.#context);
    const checked = rules.checkCreate?.(fresh) ?? [];
    const named = checkMetadata(metadata ?? {}, this.#kind.namespaced, rules.checkName ?? pathSegmentName);
    this.#refuseInvalid([...named, ...checked]);
    return fresh;
  }

  #prepareUpdate(object: MutableJsonObject, live: JsonObject): MutableJsonObject {
    const rules = rulesOf(this.#kind);
    const metadata = objectAt(object, "metadata");
    const before = objectAt(live, "metadata") ?? {};
    if (this.#request.subresource === "status") return this.#onlyStatus(object, live);
    if (metadata) carryOver(metadata, before);
    if (this.#kind.subresources.includes("status")) setOrDelete(object, "status", live["status"]);
    this.#assignAddresses(object, live);
    rules.prepareUpdate?.(object, live, this.#context);
    if (
      metadata &&
      rules.hasGeneration &&
      this.#isNewGeneration(object, live, rules.countsAnnotations ?? false)
    ) {
      metadata["generation"] = (numberAt(before, "generation") ?? 0) + 1;
    }
    const common = checkMetadataUpdate(metadata ?? {}, before);
    this.#refuseInvalid([...common, ...(rules.checkUpdate?.(object, live) ?? common)]);
    return object;
  }

  #onlyStatus(object: MutableJsonObject, live: JsonObject): MutableJsonObject {
    const updated = storedForm(this.#kind.type, withoutManagedFields(live));
    setOrDelete(updated, "status", object["status"]);
    return updated;
  }

  #isNewGeneration(object: JsonObject, live: JsonObject, countsAnnotations: boolean): boolean {
    const { metadata: _metadata, status: _status, ...content } = object;
    const { metadata: _liveMetadata, status: _liveStatus, ...liveContent } = live;
    const annotations = (owner: JsonObject) => objectAt(objectAt(owner, "metadata"), "annotations") ?? {};
    return (
      !sameJson(content, liveContent) ||
      (countsAnnotations && !sameJson(annotations(object), annotations(live)))
    );
  }

  #assignAddresses(object: MutableJsonObject, live: JsonObject | undefined): void {
    const { addresses } = this.#context;
    if (!addresses || this.#kind.kind !== "Service") return;
    const status = assignAddresses(this.#kind, this.#request.name, object, live, addresses);
    if (status) throw new Refusal(status);
  }

  #refuseInvalid(errors: readonly FieldError[]): void {
    if (errors.length > 0) throw new Refusal(invalidObject(this.#kind, this.#request.name, errors));
  }

  #finish(object: MutableJsonObject, managers: Managers): Stored {
    const live = this.#live;
    // What preparation made empty again is not stored.
    const stored = storedForm(this.#kind.type, object);
    const metadata = objectAt(stored, "metadata");
    const entries = writeManagers(managers);
    if (metadata && entries.length > 0) metadata["managedFields"] = entries;
    const isSame = live !== undefined && sameJson(withoutTimes(stored), withoutTimes(live));
    return { kind: "stored", object: isSame ? live : stored, created: live === undefined, changed: !isSame };
  }
}

function internal(message: string): Status {
  return failure(500, "", message);
}

function groupVersionKind(apiVersion: Json | undefined, kind: Json | undefined): string {
  const text = typeof apiVersion === "string" ? apiVersion : "";
  return `${text.includes("/") ? text : `/${text}`}, Kind=${typeof kind === "string" ? kind : ""}`;
}
