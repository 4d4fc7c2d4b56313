import type { Transport } from "@berth/core";
import {
  type JsonObject,
  kindOfResource,
  type ServiceAddresses,
  type Status,
  type WriteVerb,
  writeObject,
} from "@berth/objects";

/** An API server that recordings can be replayed against, controllers off. */
export interface PatchTarget {
  /** Base URL without a trailing slash. */
  readonly server: string;
  readonly transport: Transport;
  /** Makes what is stored at a path of the API exactly this, managedFields included; nothing removes it. */
  load(path: string, object: JsonObject | undefined): Promise<void>;
}

const VERBS: Readonly<Record<string, WriteVerb>> = {
  "application/apply-patch+yaml": "apply",
  "application/json-patch+json": "json-patch",
  "application/merge-patch+json": "merge-patch",
  "application/strategic-merge-patch+json": "strategic-merge-patch",
};

/** The smallest API server: `writeObject` of `@berth/objects` behind a transport, with nothing else around it. */
export function createWriteTarget(): PatchTarget {
  const stored = new Map<string, JsonObject>();
  return {
    server: "https://objects.invalid",
    load: async (path, object) => {
      if (object) stored.set(path, object);
      else stored.delete(path);
    },
    transport: async (request) => {
      const url = new URL(request.url);
      const match = /^\/apis?\/(.+)\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(url.pathname);
      const [, apiVersion = "", namespace = "", plural = "", name = ""] = match ?? [];
      const kind = kindOfResource(apiVersion, plural);
      const verb = VERBS[request.headers.get("content-type") ?? ""];
      if (!kind) return Response.json({ kind: "Status", code: 404 }, { status: 404 });
      if (!verb || request.method !== "PATCH")
        return Response.json({ kind: "Status", code: 415 }, { status: 415 });
      const result = writeObject(
        stored.get(url.pathname),
        {
          apiVersion,
          kind: kind.kind,
          namespace,
          name,
          verb,
          body: JSON.parse(await request.text()),
          manager: url.searchParams.get("fieldManager") ?? "",
          force: url.searchParams.get("force") === "true",
        },
        { time: "2026-01-31T12:00:00Z", addresses: anyAddress },
      );
      if (result.kind === "refused") return refuse(result.status);
      if (!url.searchParams.has("dryRun")) stored.set(url.pathname, result.object);
      return Response.json(result.object, { status: result.created ? 201 : 200 });
    },
  };
}

const anyAddress: ServiceAddresses = {
  refuseClusterIp: () => undefined,
  nextClusterIp: () => "10.0.0.9",
  refuseNodePort: () => undefined,
  nextNodePort: (taken) => 30000 + taken.size,
};

function refuse(status: Status): Response {
  return Response.json(status, { status: status.code });
}
