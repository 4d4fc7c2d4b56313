import { BerthError, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";

/** Where a cluster's API is and what proves who asks. */
export interface ClusterCredentials {
  /** `https://store-dns-0a1b2c3d.hcp.westeurope.azmk8s.io:443`, without a trailing slash. */
  readonly server: string;
  /** Certificate authority of the server, PEM. */
  readonly certificateAuthority?: string;
  /** Bearer token. */
  readonly token?: string;
  /** Client certificate and key, PEM. */
  readonly clientCertificate?: string;
  readonly clientKey?: string;
}

/**
 * Reads the answer of `listClusterUserCredential`: base64 of a kubeconfig, which AKS writes for one cluster and one
 * user. Only those two are read, so no YAML library is needed for it.
 *
 * @throws BERTH5007 where there is no kubeconfig or it names no server.
 */
export function clusterCredentials(what: string, answer: unknown): ClusterCredentials {
  const text = firstKubeconfig(answer);
  const field = (key: string): string | undefined => text && readField(text, key);
  const server = field("server");
  if (server === undefined || !URL.canParse(server)) {
    const message = `${what}: ${text === undefined ? "the answer holds no kubeconfig" : "the kubeconfig names no server"}`;
    throw new BerthError([problem(codes.BERTH5007, { message })]);
  }
  const certificateAuthority = decoded(field("certificate-authority-data"));
  const clientCertificate = decoded(field("client-certificate-data"));
  const clientKey = decoded(field("client-key-data"));
  const token = field("token");
  return {
    server: server.replace(/\/+$/, ""),
    ...(certificateAuthority !== undefined && { certificateAuthority }),
    ...(token !== undefined && { token }),
    ...(clientCertificate !== undefined && { clientCertificate }),
    ...(clientKey !== undefined && { clientKey }),
  };
}

function firstKubeconfig(answer: unknown): string | undefined {
  const kubeconfigs = memberOf(answer, "kubeconfigs");
  const value = memberOf(Array.isArray(kubeconfigs) ? kubeconfigs[0] : undefined, "value");
  return typeof value === "string" ? decoded(value) : undefined;
}

/** A scalar of the file, as YAML or JSON writes it on a line of its own. */
function readField(text: string, key: string): string | undefined {
  const [, value] = new RegExp(`^[\\s-]*"?${key}"?:[ \\t]*(.+?)[ \\t]*,?\\r?$`, "m").exec(text) ?? [];
  const plain = value?.replace(/^(["'])(.*)\1$/, "$2");
  return plain === undefined || plain === "" || plain === "null" ? undefined : plain;
}

function decoded(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, "base64").toString("utf8");
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
