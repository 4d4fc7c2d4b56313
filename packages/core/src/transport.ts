/**
 * The one way in which providers reach anything: fetch's types, streaming bodies. The local
 * cloud exports one that answers in process; real ones are HTTP with credentials.
 */
export type Transport = (request: Request) => Promise<Response>;

/** Where an API is and how to speak to it, late-bound: made when a step runs, never recorded. */
export interface Connection {
  /** Base URL without a trailing slash: `https://store-dns.hcp.westeurope.azmk8s.io:443`. */
  readonly server: string;
  readonly transport: Transport;
}
