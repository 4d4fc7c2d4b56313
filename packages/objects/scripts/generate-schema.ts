/**
 * Writes `src/schema/generated/kubernetes.ts` from what Kubernetes publishes:
 *
 * - `swagger.json`: https://github.com/kubernetes/kubernetes/blob/release-1.36/api/openapi-spec/swagger.json
 * - `k8s.io/api` and `k8s.io/apimachinery` v0.36.2: the Go modules that define the same types, for what OpenAPI
 *   leaves out (which empty fields are stored, enums, defaults of list keys)
 *
 * node --conditions=@berth/source packages/objects/scripts/generate-schema.ts swagger.json api/ apimachinery/
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type GoField, type GoPackage, readGoPackage } from "./go-types.ts";
import type { Definition, GroupVersionKind, Property, Swagger } from "./openapi.ts";

const [swaggerFile, apiFolder, machineryFolder] = process.argv.slice(2);
if (!swaggerFile || !apiFolder || !machineryFolder)
  throw new Error("usage: generate-schema.ts SWAGGER API APIMACHINERY");

const text = readFileSync(swaggerFile, "utf8");
const swagger: Swagger = JSON.parse(text);

const META = "io.k8s.apimachinery.pkg.apis.meta.v1";
const CORE = "io.k8s.api.core.v1";

/** Types whose JSON is not what their definition says, or that only mean something as a whole. */
const BUILT_IN: Readonly<Record<string, string>> = {
  "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
  "io.k8s.apimachinery.pkg.apis.meta.v1.Duration": "string",
  "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": "any",
  "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "time",
  "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "time",
  "io.k8s.apimachinery.pkg.runtime.RawExtension": "any",
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "intOrString",
};

const packages = new Map<string, GoPackage | undefined>();
const kinds = readKinds();
const types = new Map<string, string>();
const pending = kinds.map((kind) => kind.definition);
for (const name of pending) {
  if (types.has(short(name))) continue;
  types.set(short(name), describe(name, definitionOf(name)));
}

function readKinds(): { key: string; definition: string; text: string }[] {
  const found = new Map<
    string,
    { gvk: GroupVersionKind; plural: string; namespaced: boolean; subresources: Set<string> }
  >();
  for (const [path, operations] of Object.entries(swagger.paths)) {
    const match = /^\/apis?\/(.*?)(\/namespaces\/\{namespace\})?\/([a-z0-9]+)\/\{name\}(?:\/([a-z]+))?$/.exec(
      path,
    );
    const gvk = operations["get"]?.["x-kubernetes-group-version-kind"];
    if (!match || !gvk || !operations["put"] || !/^v\d+$/.test(gvk.version)) continue;
    const [, apiVersion = "", namespaced, plural = "", subresource] = match;
    const id = `${apiVersion} ${plural}`;
    const known = found.get(id);
    if (subresource) known?.subresources.add(subresource);
    else found.set(id, { gvk, plural, namespaced: namespaced !== undefined, subresources: new Set() });
  }
  return [...found.values()]
    .map(({ gvk, plural, namespaced, subresources }) => {
      const definition = definitionNameOf(gvk);
      const scope = namespaced ? "namespaced" : "cluster";
      const subs = [...subresources].sort().join(",");
      return {
        key: `${gvk.group ? `${gvk.group}/` : ""}${gvk.version} ${gvk.kind}`,
        definition,
        text: `${short(definition)} ${plural} ${scope}${subs ? ` ${subs}` : ""}`,
      };
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function definitionNameOf(gvk: GroupVersionKind): string {
  const name = Object.entries(swagger.definitions).find(([, definition]) => {
    const list = (definition as { "x-kubernetes-group-version-kind"?: GroupVersionKind[] })[
      "x-kubernetes-group-version-kind"
    ];
    return list?.some(
      (each) => each.group === gvk.group && each.version === gvk.version && each.kind === gvk.kind,
    );
  })?.[0];
  if (!name) throw new Error(`no definition of ${JSON.stringify(gvk)}`);
  return name;
}

function describe(name: string, definition: Definition): string {
  if (!definition.properties) return definition.type === "object" ? "" : "any";
  const required = new Set(definition.required);
  const fields = Object.entries(definition.properties).map(([key, property]) => {
    const go = goField(name, key);
    const presence = presenceMark(go, property);
    return `${key}${required.has(key) ? "!" : ""}${presence}:${typeOf(name, property, go)}`;
  });
  const atomic = definition["x-kubernetes-map-type"] === "atomic" ? "* " : "";
  return atomic + fields.join(" ");
}

function presenceMark(go: GoField | undefined, property: Property): string {
  switch (go?.presence) {
    case undefined:
    case "pointer":
      return "?";
    case "nullable":
      return "+?";
    case "always":
      return "+";
    case "value":
      return property.$ref ? "+" : "";
    case "omitzero":
      return "";
  }
}

function typeOf(owner: string, property: Property, go?: GoField): string {
  if (property.$ref) return refText(owner, property) + mapMark(property) + patchMark(property);
  switch (property.type) {
    case "array":
      return `${typeOf(owner, property.items ?? {}, go)}[${listMark(property)}]${patchMark(property)}`;
    case "object":
      if (!property.additionalProperties) return "any";
      return `{${typeOf(owner, property.additionalProperties)}}${mapMark(property)}${patchMark(property)}`;
    case "string": {
      if (property.format === "byte") return "bytes";
      const values = go && enumOf(owner, go.type);
      return values?.length
        ? `=${values
            .filter((value) => value !== "")
            .join("|")
            .replaceAll(" ", "~")}`
        : "string";
    }
    case "integer":
      return property.format === "int64" ? "int64" : "int32";
    case "number":
    case "boolean":
      return property.type;
    default:
      return "any";
  }
}

function refText(owner: string, property: Property): string {
  const target = property.$ref!.replace("#/definitions/", "");
  const builtIn = BUILT_IN[target];
  if (builtIn) return builtIn;
  const definition = definitionOf(target);
  if (!definition.properties && definition.type !== "object") return "any";
  pending.push(target);
  return packageOf(target) === packageOf(owner) ? target.slice(target.lastIndexOf(".") + 1) : short(target);
}

function listMark(property: Property): string {
  const keys = property["x-kubernetes-list-map-keys"];
  switch (property["x-kubernetes-list-type"]) {
    case "map":
      return (keys ?? []).map((key) => key + keyDefault(property, key)).join(",");
    case "set":
      return "set";
    case "atomic":
      return "";
    default:
      // As kube-openapi's schemaconv falls back where no list type is declared.
      if (!property["x-kubernetes-patch-strategy"]?.startsWith("merge")) return "";
      return property["x-kubernetes-patch-merge-key"] ?? "set";
  }
}

function keyDefault(property: Property, key: string): string {
  const element = property.items?.$ref?.replace("#/definitions/", "");
  const value = element ? goField(element, key)?.default : undefined;
  return value ? `=${value}` : "";
}

function mapMark(property: Property): string {
  const type = property["x-kubernetes-map-type"];
  return type === "atomic" ? "*" : type === "granular" ? "~" : "";
}

function patchMark(property: Property): string {
  const strategies = property["x-kubernetes-patch-strategy"]?.split(",") ?? [];
  const merge = strategies.includes("merge") ? `&${property["x-kubernetes-patch-merge-key"] ?? ""}` : "";
  return (
    merge +
    (strategies.includes("retainKeys") ? "%retainKeys" : strategies.includes("replace") ? "%replace" : "")
  );
}

function definitionOf(name: string): Definition {
  const definition = swagger.definitions[name];
  if (!definition) throw new Error(`no definition ${name}`);
  return definition;
}

function packageOf(name: string): string {
  return name.slice(0, name.lastIndexOf("."));
}

function short(name: string): string {
  return name.replace(/^io\.k8s\.(?:api|apimachinery\.pkg\.apis|.*\.pkg\.apis)\./, "");
}

function goField(definition: string, key: string): GoField | undefined {
  const folder = packageOf(definition);
  return findField(goPackage(folder), definition.slice(folder.length + 1), key);
}

function findField(go: GoPackage | undefined, struct: string, key: string): GoField | undefined {
  const found = go?.structs.get(struct);
  if (!found) return undefined;
  const own = found.fields.get(key);
  if (own) return own;
  for (const embedded of found.embeds) {
    const name = embedded.slice(embedded.lastIndexOf(".") + 1);
    const from = embedded.startsWith("metav1.")
      ? goPackage(META)
      : embedded.startsWith("v1.")
        ? goPackage(CORE)
        : go;
    const field = findField(from, name, key);
    if (field) return field;
  }
  return undefined;
}

function goPackage(name: string): GoPackage | undefined {
  if (packages.has(name)) return packages.get(name);
  const path = name.startsWith("io.k8s.api.")
    ? join(apiFolder!, ...name.slice("io.k8s.api.".length).split("."))
    : join(machineryFolder!, "pkg", ...name.replace("io.k8s.apimachinery.pkg.", "").split("."));
  const file = join(path, "types.go");
  const read = existsSync(file) ? readGoPackage([file]) : undefined;
  packages.set(name, read);
  return read;
}

function enumOf(owner: string, type: string): readonly string[] | undefined {
  const [prefix, name] = type.includes(".") ? type.split(".") : [undefined, type];
  const from = prefix === undefined ? packageOf(owner) : prefix === "metav1" ? META : CORE;
  const values = goPackage(from)?.enums.get(name!);
  if (values?.some((value) => !/^[\w ./+*-]*$/.test(value)))
    throw new Error(`enum ${type} does not fit the table's syntax`);
  return values;
}

const sorted = [...types].sort(([a], [b]) => (a < b ? -1 : 1));
const lines = [
  "// Written by packages/objects/scripts/generate-schema.ts. Do not edit.",
  `// Source: Kubernetes release-1.36 api/openapi-spec/swagger.json (sha256 ${createHash("sha256").update(text).digest("hex")}),`,
  "// and the Go modules k8s.io/api v0.36.2 and k8s.io/apimachinery v0.36.2 (Apache-2.0).",
  "",
  "/** The types of Kubernetes 1.36, one a line, in the syntax that `read-type.ts` explains. */",
  "export const TYPES: Readonly<Record<string, string>> = {",
  ...sorted.map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`),
  "};",
  "",
  "/** The built-in kinds: type, plural, scope, subresources. */",
  "export const KINDS: Readonly<Record<string, string>> = {",
  ...kinds.map(({ key, text: value }) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`),
  "};",
  "",
];
writeFileSync(new URL("../src/schema/generated/kubernetes.ts", import.meta.url), lines.join("\n"));
console.log(`${sorted.length} types, ${kinds.length} kinds`);
