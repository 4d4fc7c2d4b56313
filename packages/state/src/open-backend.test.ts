import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { defaultBackendUrl, openBackend } from "./open-backend.ts";

const open = (url: string, environment: Readonly<Record<string, string>> = {}) =>
  openBackend(url, { directory: "/shop", project: "store", environment });

describe("a backend's URL", () => {
  test.each([
    [defaultBackendUrl, join("/shop", ".berth/state")],
    ["file://states of all", join("/shop", "states of all")],
    ["file:///srv/states", "/srv/states"],
    ["file://100%25", join("/shop", "100%")],
    ["azblob://states", "azblob://states"],
    ["azblob://states/", "azblob://states"],
    ["azblob://states/teams/shop?storage_account=shopstates", "azblob://states/teams/shop"],
  ])("%s is %s", (url, location) => {
    expect(open(url).location).toBe(location);
  });

  test.each([
    ["", "a backend is file://FOLDER or azblob://CONTAINER/PREFIX"],
    ["s3://states", "s3://states: a backend is"],
    [".berth/state", "a backend is"],
    ["file://", "it names no folder"],
    ["file:///", "it names no folder"],
    ["file://a%", "write %25 for a percent sign"],
    ["file://a%00", "cannot be read"],
    ["azblob://", '"" cannot be a container'],
    ["azblob://States", '"States" cannot be a container'],
    ["azblob://a--b", "cannot be a container"],
    ["azblob://states//x", '"" cannot be a part of the prefix'],
    ["azblob://states/../x", '".." cannot be a part of the prefix'],
    ["azblob://states/x?account=a", "only `storage_account=NAME` is known"],
  ])("%j is refused with BERTH4050", (url, words) => {
    expect(() => open(url)).toThrow("BERTH4050");
    expect(() => open(url)).toThrow(words);
  });

  test("with credentials in it is refused without repeating them", () => {
    for (const url of [
      "azblob://states?sig=MARKER",
      "s3://MARKER@states",
      "azblob://states?a=b?sig=MARKER",
    ]) {
      expect(() => open(url)).toThrow("BERTH4050");
      expect(() => open(url)).not.toThrow("MARKER");
    }
  });
});

describe("credentials of a storage account", () => {
  const url = "azblob://states";
  const message = async (environment: Readonly<Record<string, string>>, at = url): Promise<string> =>
    open(at, environment)
      .list()
      .then(
        () => "no error",
        (error: unknown) => (error instanceof Error ? `${error.message} ${String(error.cause ?? "")}` : ""),
      );

  test("without an account say what to set", async () => {
    const text = await message({});
    expect(text).toContain("BERTH4051");
    expect(text).toContain("set AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT");
  });

  test("without a key need @azure/identity, and say so", async () => {
    const directory = tmpdir();
    const backend = openBackend(url, {
      directory,
      project: "store",
      environment: { AZURE_STORAGE_ACCOUNT: "acc" },
    });
    await expect(backend.read("dev")).rejects.toThrow("npm install @azure/identity");
  });

  test.each([
    [
      "getToken() { globalThis.askedForToken = true; return Promise.resolve({ token: 'MARKER', expiresOnTimestamp: Date.now() + 1e7 }); }",
      "BERTH4054",
    ],
    [
      "getToken() { throw Object.assign(new Error('MARKER'), { name: 'CredentialUnavailableError' }); }",
      "BERTH4052",
    ],
  ])(
    "are those of the project's @azure/identity where there is no key",
    async (getToken, code) => {
      const directory = mkdtempSync(join(tmpdir(), "berth-identity-"));
      const folder = join(directory, "node_modules/@azure/identity");
      mkdirSync(folder, { recursive: true });
      writeFileSync(
        join(folder, "package.json"),
        JSON.stringify({ name: "@azure/identity", main: "index.cjs" }),
      );
      writeFileSync(join(folder, "index.cjs"), `exports.DefaultAzureCredential = class { ${getToken} };`);
      const backend = openBackend(url, {
        directory,
        project: "store",
        environment: { AZURE_STORAGE_ACCOUNT: "acc", AZURE_STORAGE_SERVICE_ENDPOINT: "https://127.0.0.1:1" },
      });
      const text = await backend.list().then(String, String);
      rmSync(directory, { recursive: true });
      expect(text).toContain(code);
      expect(text).not.toContain("MARKER");
      expect("askedForToken" in globalThis).toBe(true);
    },
    60_000,
  );

  test("that have not their form are refused without repeating them", async () => {
    for (const environment of [
      { AZURE_STORAGE_CONNECTION_STRING: "MARKER" },
      { AZURE_STORAGE_CONNECTION_STRING: "AccountName=a;AccountKey=MARKER" },
      {
        AZURE_STORAGE_ACCOUNT: "a",
        AZURE_STORAGE_KEY: "MARKER",
        AZURE_STORAGE_SERVICE_ENDPOINT: "MARKER",
      },
    ]) {
      const text = await message(environment);
      expect(text).toMatch(/BERTH405[14]/);
      expect(text).not.toContain("MARKER");
    }
  });
});

describe("a storage account that refuses", () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  /** What `list` says of an account that answers every request so. */
  async function said(status: number, code: string): Promise<string> {
    server = createServer((request, response) => {
      response.writeHead(status, { "x-ms-error-code": code, "content-type": "application/xml" });
      response.end(
        `<Error><Code>${code}</Code><Message>MARKER ${encodeURIComponent(request.url ?? "")}</Message></Error>`,
      );
    });
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return open("azblob://states", {
      AZURE_STORAGE_ACCOUNT: "acc",
      AZURE_STORAGE_SAS_TOKEN: "?sv=1&sig=MARKER",
      AZURE_STORAGE_SERVICE_ENDPOINT: `http://127.0.0.1:${port}`,
    })
      .list()
      .then(
        () => "no error",
        (error: unknown) => (error instanceof Error ? `${error.message} ${String(error.cause ?? "")}` : ""),
      );
  }

  test.each([
    [403, "AuthorizationPermissionMismatch", "BERTH4052"],
    [401, "InvalidAuthenticationInfo", "BERTH4052"],
    [404, "ContainerNotFound", "BERTH4053"],
    [400, "InvalidHeaderValue", "BERTH4054"],
    [409, "http://MARKER", "BERTH4054"],
  ])("with %d %s is %s, and nothing that the request held is repeated", async (status, code, ours) => {
    const text = await said(status, code);
    expect(text).toContain(`azblob://states: the storage account answered ${status}`);
    expect(text).toContain(ours);
    expect(text).not.toContain("MARKER");
  });

  test("to be reached is BERTH4054", async () => {
    const text = await open("azblob://states", {
      AZURE_STORAGE_ACCOUNT: "acc",
      AZURE_STORAGE_KEY: "TUFSS0VS",
      AZURE_STORAGE_SERVICE_ENDPOINT: "http://127.0.0.1:1",
    })
      .list()
      .then(String, String);
    expect(text).toContain("cannot be reached (ECONNREFUSED)");
  }, 60_000);
});
