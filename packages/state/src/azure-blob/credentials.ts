import { stateCodes } from "../codes.ts";
import { stateError } from "../damage.ts";

/** How berth proves to a storage account who it is. None of its values may get into a message. */
export type BlobCredentials =
  | { readonly kind: "connection-string"; readonly connectionString: string }
  | { readonly kind: "key"; readonly endpoint: string; readonly account: string; readonly key: string }
  | { readonly kind: "signature"; readonly endpoint: string; readonly signature: string }
  | { readonly kind: "identity"; readonly endpoint: string };

/** Environment variables, as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Credentials from the environment, by the names that the Azure command line uses:
 * `AZURE_STORAGE_CONNECTION_STRING`; or an account (the URL's, else `AZURE_STORAGE_ACCOUNT`) with
 * `AZURE_STORAGE_KEY` or `AZURE_STORAGE_SAS_TOKEN`, else with whatever `@azure/identity` finds.
 * `AZURE_STORAGE_SERVICE_ENDPOINT` stands for the account's address in other clouds.
 *
 * @throws BERTH4051 where they do not say which account
 */
export function blobCredentials(
  location: string,
  accountOfUrl: string | undefined,
  environment: Environment,
): BlobCredentials {
  const read = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const connectionString = read("AZURE_STORAGE_CONNECTION_STRING");
  if (connectionString !== undefined && accountOfUrl === undefined)
    return { kind: "connection-string", connectionString };
  const account = accountOfUrl ?? read("AZURE_STORAGE_ACCOUNT");
  if (account === undefined) {
    throw stateError(
      stateCodes.BERTH4051,
      location,
      "nothing says which storage account the container is in",
      "set AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT, or add ?storage_account=NAME to the URL",
    );
  }
  const endpoint = read("AZURE_STORAGE_SERVICE_ENDPOINT") ?? `https://${account}.blob.core.windows.net`;
  const key = read("AZURE_STORAGE_KEY");
  if (key !== undefined) return { kind: "key", endpoint, account, key };
  const signature = read("AZURE_STORAGE_SAS_TOKEN");
  if (signature !== undefined)
    return { kind: "signature", endpoint, signature: signature.replace(/^\?/, "") };
  return { kind: "identity", endpoint };
}
