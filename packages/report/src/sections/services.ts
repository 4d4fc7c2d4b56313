import type { EndpointWiring, Plan, ServicePortWiring, ServiceWiring } from "@berth/planner";
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

function port(wiring: ServicePortWiring): string {
  const name = wiring.name ? `${wiring.name} ` : "";
  const resolved = wiring.resolved.length > 0 ? wiring.resolved.join("/") : String(wiring.targetPort);
  const named =
    typeof wiring.targetPort === "string" && wiring.resolved.length > 0 ? ` (${wiring.targetPort})` : "";
  const protocol = wiring.protocol === "TCP" ? "" : `/${wiring.protocol}`;
  return `${name}${wiring.port}→${resolved}${named}${protocol}`;
}

function endpoints(service: ServiceWiring): Spans {
  const after = service.endpoints.filter((endpoint) => endpoint.change !== "gone");
  const count =
    service.endpointsBefore === after.length
      ? `${after.length}`
      : `${service.endpointsBefore} → ${after.length}`;
  const line: Span[] = [span(count, after.length === 0 && service.change !== "gone" ? "danger" : "strong")];
  for (const endpoint of service.endpoints.slice(0, 6)) line.push(span(" "), endpointSpan(endpoint));
  if (service.endpoints.length > 6) line.push(span(` and ${service.endpoints.length - 6} more`, "quiet"));
  return line;
}

function endpointSpan(endpoint: EndpointWiring): Span {
  const sign = signs[endpoint.change === "stays" ? "stays" : endpoint.change].trim();
  return span(`${sign}${endpoint.pod}`, tones[endpoint.change]);
}
