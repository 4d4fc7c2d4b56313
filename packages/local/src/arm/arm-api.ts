import type { Cloud } from "../cloud.ts";

/** Host of Azure Resource Manager. */
export const ARM_HOST = "management.azure.com";

/** Answers a request to Azure Resource Manager. */
export async function answerArm(request: Request, _cloud: Cloud): Promise<Response> {
  const message = `the local cloud does not answer ${request.method} ${new URL(request.url).pathname}`;
  return Response.json({ error: { code: "NotImplemented", message } }, { status: 501 });
}
