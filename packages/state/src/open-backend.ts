import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { azureBlobBackend } from "./azure-blob/azure-blob-backend.ts";
import { blobScheme, withoutQuery } from "./azure-blob/blob-url.ts";
import type { Environment } from "./azure-blob/credentials.ts";
import type { StateBackend } from "./backend.ts";
import { stateCodes } from "./codes.ts";
import { stateError } from "./damage.ts";
import { fileBackend } from "./file-backend.ts";

const fileScheme = "file://";

/** Where states are when nothing is said: `.berth/state` in the project's folder. */
export const defaultBackendUrl = "file://.berth/state";

/**
 * The backend that a URL names: `file://FOLDER`, relative to the project's folder or absolute, or
 * `azblob://CONTAINER/PREFIX`. Nothing is read or asked before its first use.
 *
 * @throws BERTH4050 for any other URL
 * @example const backend = openBackend(defaultBackendUrl, { directory: "/shop", project: "store", environment: process.env });
 */
export function openBackend(
  url: string,
  project: {
    readonly directory: string;
    readonly project: string;
    readonly environment: Environment;
  },
): StateBackend {
  if (url.startsWith(blobScheme)) return azureBlobBackend({ url, ...project });
  if (!url.startsWith(fileScheme)) {
    const message = "a backend is file://FOLDER or azblob://CONTAINER/PREFIX";
    throw stateError(stateCodes.BERTH4050, withoutQuery(url), message);
  }
  return fileBackend({ directory: folderOf(url, project.directory), project: project.project });
}

function folderOf(url: string, directory: string): string {
  const path = url.slice(fileScheme.length);
  if (path.replaceAll("/", "") === "") throw stateError(stateCodes.BERTH4050, url, "it names no folder");
  try {
    const named = path.startsWith("/") ? fileURLToPath(url) : decodeURIComponent(path);
    if (!named.includes("\0")) return isAbsolute(named) ? named : join(directory, named);
  } catch {
    // Percent signs that stand for nothing, or a path that this system does not have.
  }
  throw stateError(stateCodes.BERTH4050, url, "its folder cannot be read: write %25 for a percent sign");
}
