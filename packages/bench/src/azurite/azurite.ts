import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { BlobServiceClient } from "@azure/storage-blob";
import { installApart } from "../workspace/install-apart.ts";
import { workspaceRoot } from "../workspace/rooms.ts";

/** Where Azurite is installed, with a lock file of its own: 170 MB that nobody else needs. */
const folder = path.join(workspaceRoot, "packages/bench/azurite");

/** The account that every Azurite has; its key is published. */
const account = {
  name: "devstoreaccount1",
  key: "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
};

/** Azure Blob Storage on this machine, kept in memory. */
export class Azurite {
  readonly #process: ChildProcess;
  readonly #service: BlobServiceClient;
  #containers = 0;
  readonly endpoint: string;

  private constructor(child: ChildProcess, endpoint: string) {
    this.#process = child;
    this.endpoint = endpoint;
    this.#service = BlobServiceClient.fromConnectionString(this.connectionString());
  }

  /** What a client sets `AZURE_STORAGE_CONNECTION_STRING` to. */
  connectionString(endpoint = this.endpoint): string {
    return `DefaultEndpointsProtocol=http;AccountName=${account.name};AccountKey=${account.key};BlobEndpoint=${endpoint}/${account.name};`;
  }

  /** Installs it where it is not, and starts it on a free port. */
  static async start(): Promise<Azurite> {
    installApart(folder, () => console.error("installing azurite, 170 MB"));
    const program = path.join(folder, "node_modules/azurite/dist/src/blob/main.js");
    // It does not know the API version that the client asks for, and answers as the newest that it knows.
    const flags = ["--inMemoryPersistence", "--disableTelemetry", "--silent", "--skipApiVersionCheck"];
    const child = spawn(process.execPath, [program, "--blobHost", "127.0.0.1", "--blobPort", "0", ...flags], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    const endpoint = await new Promise<string>((resolve, reject) => {
      child.stdout.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        const found = /listens on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
        if (found) resolve(found);
      });
      child.once("close", () => reject(new Error(`azurite ended before it listened: ${said}`)));
    });
    return new Azurite(child, endpoint);
  }

  /** A new, empty container; answers its name. */
  async newContainer(): Promise<string> {
    const name = `container-${++this.#containers}`;
    await this.#service.createContainer(name);
    return name;
  }

  container(name: string) {
    return this.#service.getContainerClient(name);
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, "close");
    this.#process.kill();
    await ended;
  }
}
