import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BlobServiceClient, ContainerClient, StoragePipelineOptions } from "@azure/storage-blob";
import { BerthError } from "@berth/diagnostics";
import { stateCodes } from "../codes.ts";
import { stateError } from "../damage.ts";
import type { BlobCredentials } from "./credentials.ts";

/** Half a minute is as long as a request may be repeated while a lease of a minute is kept. */
const options: StoragePipelineOptions = {
  retryOptions: { maxTries: 4, retryDelayInMs: 500, maxRetryDelayInMs: 4_000 },
  userAgentOptions: { userAgentPrefix: "berth" },
};

/**
 * A client of the container. The library is loaded here and not before: whoever keeps states in files
 * does not pay for it.
 *
 * @throws BERTH4051 where the credentials have not the form that they must have
 */
export async function openContainer(
  location: string,
  container: string,
  credentials: BlobCredentials,
  directory: string,
): Promise<ContainerClient> {
  try {
    return (await openService(location, credentials, directory)).getContainerClient(container);
  } catch (error) {
    if (BerthError.is(error)) throw error;
    const { kind } = credentials;
    throw stateError(stateCodes.BERTH4051, location, `the ${names[kind]} has not the form that it must have`);
  }
}

const names: Readonly<Record<BlobCredentials["kind"], string>> = {
  "connection-string": "connection string (AZURE_STORAGE_CONNECTION_STRING)",
  key: "account key (AZURE_STORAGE_KEY) or the endpoint",
  signature: "shared access signature (AZURE_STORAGE_SAS_TOKEN) or the endpoint",
  identity: "endpoint",
};

async function openService(
  location: string,
  credentials: BlobCredentials,
  directory: string,
): Promise<BlobServiceClient> {
  const { AnonymousCredential, BlobServiceClient, StorageSharedKeyCredential } =
    await import("@azure/storage-blob");
  switch (credentials.kind) {
    case "connection-string":
      return BlobServiceClient.fromConnectionString(credentials.connectionString, options);
    case "key": {
      const { endpoint, account, key } = credentials;
      return new BlobServiceClient(endpoint, new StorageSharedKeyCredential(account, key), options);
    }
    case "signature": {
      const { endpoint, signature } = credentials;
      return new BlobServiceClient(`${endpoint}?${signature}`, new AnonymousCredential(), options);
    }
    case "identity": {
      const credential = await defaultCredential(location, directory);
      return new BlobServiceClient(credentials.endpoint, credential, options);
    }
  }
}

/** A source of access tokens, as the library wants it. */
interface TokenCredential {
  getToken(scopes: string | string[]): Promise<{ token: string; expiresOnTimestamp: number } | null>;
}

/**
 * `DefaultAzureCredential` of the `@azure/identity` that the project, or who installed berth, has. berth
 * does not bring it along: it is larger than berth.
 */
async function defaultCredential(location: string, directory: string): Promise<TokenCredential> {
  const loaded = await loadIdentity(directory);
  const DefaultAzureCredential = loaded?.["DefaultAzureCredential"];
  if (typeof DefaultAzureCredential !== "function") {
    throw stateError(
      stateCodes.BERTH4051,
      location,
      "no credentials for the storage account are in the environment, and @azure/identity is not installed",
      "set AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN; or, to sign in as `az login` does: npm install @azure/identity",
    );
  }
  const credential: unknown = Reflect.construct(DefaultAzureCredential, []);
  if (isTokenCredential(credential)) return credential;
  throw new TypeError("DefaultAzureCredential has no getToken");
}

function isTokenCredential(value: unknown): value is TokenCredential {
  return (
    typeof value === "object" && value !== null && "getToken" in value && typeof value.getToken === "function"
  );
}

async function loadIdentity(directory: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  // Names that are computed, so that no bundler and no compiler looks for what is not there.
  const name = ["@azure", "identity"].join("/");
  const places = [
    () => pathToFileURL(createRequire(join(directory, "package.json")).resolve(name)).href,
    () => name,
  ];
  for (const place of places) {
    try {
      return (await import(place())) as Readonly<Record<string, unknown>>;
    } catch {
      // Not installed there.
    }
  }
  return undefined;
}
