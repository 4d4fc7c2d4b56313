import type { ContainerClient } from "@azure/storage-blob";
import type { StateBackend } from "../backend.ts";
import { defaultLeaseTimes, type LeaseTimes } from "../lease.ts";
import { storedBackend } from "../stored-backend.ts";
import { openContainer } from "./blob-container.ts";
import { blobError } from "./blob-error.ts";
import { blobStackStorage } from "./blob-storage.ts";
import { parseBlobUrl } from "./blob-url.ts";
import { blobCredentials, type Environment } from "./credentials.ts";

/** Where an Azure Blob backend is, and as whom it is used. */
export interface AzureBlobOptions {
  /** `azblob://container/prefix`, optionally with `?storage_account=NAME`. */
  readonly url: string;
  readonly project: string;
  /** Where credentials are looked for; `process.env`. */
  readonly environment: Environment;
  /** Folder whose `@azure/identity` is used where the environment holds no key: that of the project. */
  readonly directory: string;
  /** For tests; a minute, renewed every twenty seconds. The service grants 15 to 60 seconds. */
  readonly lease?: LeaseTimes;
}

/**
 * States in blobs: `{prefix}/{project}/{stack}/` holds `snapshot.json`; `journal.jsonl`, an append blob
 * whose lease is the stack's lock; `history/{serial}.json` with every snapshot that was committed, which
 * are never written twice and never removed (a lifecycle rule of the storage account can do that); and
 * `clusters/`.
 *
 * Appends are refused by the service itself once the lease is another's; the snapshot is replaced only
 * where its ETag is the one that was read. Nothing is loaded or asked before the first use.
 *
 * @throws BERTH4050 for a URL that cannot be used; at the first use BERTH4051 to BERTH4054
 * @example
 * const backend = azureBlobBackend({ url: "azblob://states/berth", project: "store", environment: process.env, directory: "." });
 */
export function azureBlobBackend(options: AzureBlobOptions): StateBackend {
  const { url, project, environment, directory, lease = defaultLeaseTimes } = options;
  const { container: name, prefix, account } = parseBlobUrl(url);
  const location = `azblob://${[name, prefix].filter(Boolean).join("/")}`;
  const folder = [prefix, project].filter(Boolean).join("/");
  let opened: Promise<ContainerClient> | undefined;
  const container = async (): Promise<ContainerClient> => {
    opened ??= openContainer(location, name, blobCredentials(location, account, environment), directory);
    return opened;
  };
  return storedBackend(project, {
    location,
    list: async () => {
      try {
        return await stacksIn(await container(), `${folder}/`);
      } catch (error) {
        throw blobError(error, location);
      }
    },
    stack: (stack) =>
      blobStackStorage(
        async () => ({
          container: await container(),
          folder: `${folder}/${stack}/`,
          stack,
          location: `${location}/${project}/${stack}`,
          lease,
        }),
        `${location}/${project}/${stack}`,
      ),
  });
}

/** Stacks that have a snapshot or a journal with something in it. */
async function stacksIn(container: ContainerClient, prefix: string): Promise<readonly string[]> {
  const stacks: string[] = [];
  for await (const item of container.listBlobsByHierarchy("/", { prefix })) {
    if (item.kind !== "prefix") continue;
    for await (const blob of container.listBlobsByHierarchy("/", { prefix: item.name })) {
      if (blob.kind === "prefix" || !blob.properties.contentLength) continue;
      if (!/\/(snapshot\.json|journal\.jsonl)$/.test(blob.name)) continue;
      stacks.push(item.name.slice(prefix.length, -1));
      break;
    }
  }
  return stacks;
}
