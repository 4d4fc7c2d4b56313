import type { ClusterSnapshot, Json, JsonObject, Urn } from "@berth/core";
import { canonicalJson, digestOf } from "./canonical.ts";
import { verifiedChecksum, withChecksum } from "./checksummed.ts";
import { damaged } from "./damage.ts";
import { isJsonObject, parseJson } from "./parse.ts";
import { knownVersion } from "./snapshot.ts";

const format = "berth.cluster";
const version = 1;

/** Name under which a cluster's snapshot is kept: URNs hold characters that file names do not. */
export function clusterKey(cluster: Urn): string {
  return digestOf(cluster).slice(0, 32);
}

/** A snapshot as text, a line per object. */
export function encodeClusterSnapshot(snapshot: ClusterSnapshot): string {
  const head = canonicalJson({ format, version, cluster: snapshot.cluster }).slice(1, -1);
  const objects = snapshot.objects.map((object) => `\n${canonicalJson(object)}`).join(",");
  return withChecksum(`\n${head},\n"objects":[${objects}]}\n`).text;
}

/** Reads what {@link encodeClusterSnapshot} wrote. @throws BERTH4004, BERTH4005 */
export function decodeClusterSnapshot(text: string, file: string): ClusterSnapshot {
  const value = parseJson(text);
  if (!isJsonObject(value) || value["format"] !== format)
    throw damaged(file, "it is truncated or not a snapshot of a cluster");
  knownVersion(value["version"], version, file);
  const { cluster, objects } = value;
  const intact =
    verifiedChecksum(text) !== undefined && typeof cluster === "string" && isListOfObjects(objects);
  if (!intact) throw damaged(file, "its content does not match its checksum");
  return { cluster, objects };
}

function isListOfObjects(value: Json | undefined): value is readonly JsonObject[] {
  return Array.isArray(value) && value.every(isJsonObject);
}
