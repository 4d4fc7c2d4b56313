import { stateCodes } from "../codes.ts";
import { stateError } from "../damage.ts";

/** What `azblob://container/prefix?storage_account=NAME` says. */
export interface BlobLocation {
  readonly container: string;
  /** Without slashes at its ends; empty where there is none. */
  readonly prefix: string;
  /** Absent: the environment names it. */
  readonly account?: string;
}

export const blobScheme = "azblob://";

/** Reads the URL of an Azure Blob backend. @throws BERTH4050 */
export function parseBlobUrl(url: string): BlobLocation {
  const [path = "", query, ...more] = url.slice(blobScheme.length).split("?");
  const [container = "", ...segments] = path.replace(/\/$/, "").split("/");
  if (!/^[a-z0-9](?:-?[a-z0-9]){2,62}$/.test(container))
    throw refused(
      url,
      `${JSON.stringify(container)} cannot be a container: 3 to 63 small letters, digits, single dashes`,
    );
  const wrong = segments.find((each) => !/^[A-Za-z0-9._-]{1,100}$/.test(each) || /^\.+$/.test(each));
  if (wrong !== undefined)
    throw refused(
      url,
      `${JSON.stringify(wrong)} cannot be a part of the prefix: letters, digits, dots, dashes, underscores`,
    );
  const account = query === undefined ? undefined : /^storage_account=([a-z0-9]{3,24})$/.exec(query)?.[1];
  if (more.length > 0 || (query !== undefined && account === undefined))
    throw refused(url, "after the question mark only `storage_account=NAME` is known");
  return { container, prefix: segments.join("/"), ...(account !== undefined && { account }) };
}

function refused(url: string, why: string): Error {
  return stateError(stateCodes.BERTH4050, withoutQuery(url), why);
}

/** A URL for messages: people paste signatures into queries. */
export function withoutQuery(url: string): string {
  return url.replace(/\?.*$/s, "").replace(/\/\/[^/]*@/, "//");
}
