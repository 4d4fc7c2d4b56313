import { createServer, request as requestOf, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * What becomes of one request: its answer is lost, though it was done; or from it on nothing passes any
 * more, as for a process that was killed or a machine that lost its network.
 */
export interface NetworkFault {
  readonly kind: "answer-lost" | "cut-off";
  /** Which request: 1 is the first. */
  readonly at: number;
}

/** A proxy in front of a server, with one fault. */
export interface FlakyProxy {
  readonly endpoint: string;
  /** How many requests came. */
  count(): number;
  close(): void;
}

/** Starts a proxy that passes requests on, and meets the fault once. */
export async function startFlakyProxy(target: string, fault: NetworkFault | undefined): Promise<FlakyProxy> {
  let count = 0;
  const server: Server = createServer((incoming, outgoing) => {
    count += 1;
    const number = count;
    if (fault?.kind === "cut-off" && number >= fault.at) return void incoming.socket.destroy();
    const { method, headers, url = "/" } = incoming;
    const passed = requestOf(new URL(url, target), { method, headers }, (answer: IncomingMessage) => {
      if (fault?.kind === "answer-lost" && number === fault.at) {
        answer.resume();
        answer.once("end", () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.once("error", () => incoming.socket.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    count: () => count,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
