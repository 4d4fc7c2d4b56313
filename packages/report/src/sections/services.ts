import type { Plan, ServicePortWiring, ServiceWiring } from "@berth/planner";
import { counted, type Section, type Span, span, type Spans } from "../document.ts";

const tones = { new: "create", changed: "update", gone: "delete", stays: "quiet" } as const;
const signs = { new: "+ ", changed: "~ ", gone: "- ", stays: "  " } as const;

/** Every service with its addresses, ports, and the pods behind it, before → after. */
export function services(plan: Plan): readonly Section[] {
  return plan.clusters
    .filter((cluster) => cluster.services.length > 0)
    .map((cluster) => ({
      title: plan.clusters.length > 1 ? `Services in ${cluster.name}` : "Services",
      folded: false,
      digest: counted(cluster.services.length, "service"),
      blocks: [
        {
          kind: "table",
          columns: ["Service", "Type", "Cluster IP", "Ports", "Endpoints"].map((title) => ({
            title,
            align: "left" as const,
          })),
          rows: cluster.services.map(row),
        },
      ],
    }));
}

function row(service: ServiceWiring): Spans[] {
  return [
    [span(signs[service.change], tones[service.change]), span(service.service, "name")],
    [span(service.type), ...(service.external ? [span(` ${service.external}`, "quiet")] : [])],
    [span(service.clusterIP ?? "none")],
    [span(service.ports.map(port).join(", "))],
    endpoints(service),
  ];
}

/** `3000`, or `80→8080` where the container listens elsewhere; a container port's name in brackets. */
function port({ port, targetPort, resolved, protocol }: ServicePortWiring): string {
  const numbers = resolved.length > 0 ? resolved.join("/") : String(targetPort);
  const target = numbers === String(port) ? "" : `→${numbers}`;
  const named = typeof targetPort === "string" && resolved.length > 0 ? ` (${targetPort})` : "";
  return `${port}${target}${named}${protocol === "TCP" ? "" : `/${protocol}`}`;
}

/** Before → after, and by name what comes and goes; who stays is only counted. */
function endpoints(service: ServiceWiring): Spans {
  const after = service.endpoints.filter((endpoint) => endpoint.change !== "gone").length;
  const count = service.endpointsBefore === after ? `${after}` : `${service.endpointsBefore} → ${after}`;
  const moving = service.endpoints.filter((endpoint) => endpoint.change !== "stays");
  const line: Span[] = [span(count, after === 0 && service.change !== "gone" ? "danger" : "strong")];
  for (const { change, pod } of moving.slice(0, named))
    line.push(span(` ${signs[change].trim()}${pod}`, tones[change]));
  if (moving.length > named) line.push(span(` and ${moving.length - named} more`, "quiet"));
  return line;
}

/** Endpoints that are named; the Plan has all. */
const named = 4;
