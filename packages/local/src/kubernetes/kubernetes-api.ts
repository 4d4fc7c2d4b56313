import type { Cloud } from "../cloud.ts";
import type { ClusterRecord } from "../cluster/cluster-spec.ts";

/** Answers a request to a cluster's Kubernetes API. */
export async function answerKubernetes(
  request: Request,
  _cluster: ClusterRecord,
  _cloud: Cloud,
): Promise<Response> {
  const message = `the local cloud does not answer ${request.method} ${new URL(request.url).pathname}`;
  return Response.json(
    { apiVersion: "v1", kind: "Status", status: "Failure", message, code: 501 },
    { status: 501 },
  );
}
