import { builtInKinds, type Kind } from "@berth/objects";

const VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update"];
const SUBRESOURCE_VERBS = ["get", "patch", "update"];

/** Answers what lists the API itself: versions, groups, resources, health. `undefined` for every other path. */
export function discover(path: string, kubernetes: string): Response | undefined {
  const [root, group, version, ...more] = path.split("/").filter((part) => part !== "");
  if (more.length > 0) return undefined;
  if (root === "version" && group === undefined) return Response.json(versionOf(kubernetes));
  if (root === "healthz" || root === "livez" || root === "readyz") return new Response("ok");
  if (root === "api" && group === undefined) return Response.json({ kind: "APIVersions", versions: ["v1"] });
  if (root === "api" && version === undefined) return resources(group ?? "");
  if (root !== "apis") return undefined;
  if (group === undefined) return Response.json({ kind: "APIGroupList", apiVersion: "v1", groups: groups() });
  if (version !== undefined) return resources(`${group}/${version}`);
  const found = groups().find((each) => each.name === group);
  return found && Response.json({ kind: "APIGroup", apiVersion: "v1", ...found });
}

function groups() {
  const versions = new Map<string, Set<string>>();
  for (const { group, apiVersion } of builtInKinds()) {
    if (group !== "") versions.set(group, (versions.get(group) ?? new Set()).add(apiVersion));
  }
  return [...versions].map(([name, apiVersions]) => {
    const all = [...apiVersions].map((groupVersion) => ({
      groupVersion,
      version: groupVersion.slice(name.length + 1),
    }));
    return { name, versions: all, preferredVersion: all[0] };
  });
}

function resources(groupVersion: string): Response | undefined {
  const kinds = builtInKinds().filter((each) => each.apiVersion === groupVersion);
  if (kinds.length === 0) return undefined;
  const list = kinds.flatMap((kind) => [
    resource(kind, kind.plural, VERBS),
    ...kind.subresources.map((name) => resource(kind, `${kind.plural}/${name}`, SUBRESOURCE_VERBS)),
  ]);
  return Response.json({ kind: "APIResourceList", apiVersion: "v1", groupVersion, resources: list });
}

function resource({ kind, namespaced }: Kind, name: string, verbs: readonly string[]) {
  return { name, singularName: name.includes("/") ? "" : kind.toLowerCase(), namespaced, kind, verbs };
}

function versionOf(kubernetes: string) {
  const [major = "1", minor = "36", patch = "0"] = kubernetes.split(".");
  return { major, minor, gitVersion: `v${major}.${minor}.${patch}`, platform: "linux/amd64" };
}
