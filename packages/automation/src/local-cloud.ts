import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Transport } from "@berth/core";
import { type LocalCloud, openLocalCloud } from "@berth/local";
import { type CloudSource, providersOver } from "./cloud.ts";

/** Of a cloud that nobody pays for. */
const subscription = "00000000-0000-0000-0000-000000000000";

/**
 * A local cloud in memory, shared by all who open it: gone with the process.
 *
 * @example const project = inlineProject({ name: "shop", program, cloud: memoryCloud() });
 */
export function memoryCloud(): CloudSource {
  let opened: Promise<LocalCloud> | undefined;
  const transport: Transport = async (request) =>
    (await (opened ??= openLocalCloud({ memory: true }))).transport(request);
  const providers = providersOver(transport, subscription);
  return { open: () => ({ providers, close: async () => {} }) };
}

/** A cloud that is open for writing, with how many operations of this process use it. */
interface Shared {
  users: number;
  cloud: Promise<LocalCloud> | undefined;
}

const shared = new Map<string, Shared>();

/** The last to leave a folder's cloud, while it closes: whoever comes next waits for it. */
const closing = new Map<string, Promise<void>>();

/**
 * The local cloud of a folder. It is opened with the first request, so that what needs none (a first preview, a
 * preview from the saved snapshot) neither opens nor locks it. Operations of one process that write share it, since
 * only one process at a time may write to a folder.
 *
 * @param directory - absolute, a folder of its own
 * @example const cloud = folderCloud("/home/me/shop/.berth/local").open("write");
 */
export function folderCloud(directory: string): CloudSource {
  return {
    madeBy: async (owner) => (existsSync(join(directory, "cloud.log")) ? groupsOf(directory, owner) : []),
    open: (use) => {
      let opened: Promise<LocalCloud> | undefined;
      const enter = () =>
        use === "look" ? openLocalCloud({ directory, readOnly: true }) : enterShared(directory);
      const transport: Transport = async (request) => (await (opened ??= enter())).transport(request);
      return {
        providers: providersOver(transport, subscription),
        close: async () => {
          if (!opened) return;
          if (use === "look") await (await opened.catch(() => undefined))?.close();
          else await leave(directory);
        },
      };
    },
  };
}

/** Resource groups that carry the mark of a stack: everything else in this cloud is in one. */
async function groupsOf(directory: string, owner: string): Promise<readonly string[]> {
  const cloud = await openLocalCloud({ directory, readOnly: true });
  try {
    const url = `https://management.azure.com/subscriptions/${subscription}/resourceGroups?api-version=2021-04-01`;
    const response = await cloud.transport(new Request(url));
    const { value = [] } = (await response.json()) as {
      readonly value?: readonly { readonly id: string; readonly tags?: Readonly<Record<string, string>> }[];
    };
    return value.filter(({ tags }) => tags?.["berth-stack"] === owner).map(({ id }) => id);
  } finally {
    await cloud.close();
  }
}

async function enterShared(directory: string): Promise<LocalCloud> {
  let entry = shared.get(directory);
  if (!entry) shared.set(directory, (entry = { users: 0, cloud: undefined }));
  entry.users++;
  entry.cloud ??= (closing.get(directory) ?? Promise.resolve()).then(() => openLocalCloud({ directory }));
  return entry.cloud;
}

async function leave(directory: string): Promise<void> {
  const entry = shared.get(directory);
  if (!entry || --entry.users > 0) return;
  shared.delete(directory);
  const closed = entry.cloud?.then(
    (cloud) => cloud.close(),
    () => {},
  );
  if (!closed) return;
  closing.set(directory, closed);
  await closed;
  if (closing.get(directory) === closed) closing.delete(directory);
}
