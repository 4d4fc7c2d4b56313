import type { PodSpec } from "@berth/objects";

export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

const anyAddress = "0.0.0.0";

/** Host ports that a pod takes: of its containers and of its sidecars. */
export function hostPortsOf(spec: PodSpec): readonly HostPort[] {
  const sidecars = (spec.initContainers ?? []).filter((each) => each.restartPolicy === "Always");
  return [...sidecars, ...spec.containers].flatMap((container) =>
    (container.ports ?? []).flatMap((port) => {
      const number = port.hostPort ?? (spec.hostNetwork === true ? port.containerPort : undefined) ?? 0;
      return number > 0
        ? [{ ip: port.hostIP || anyAddress, protocol: port.protocol || "TCP", port: number }]
        : [];
    }),
  );
}

/** Two clash where protocol and port are equal and the address is, or one of them takes all addresses. */
export function clash(a: HostPort, b: HostPort): boolean {
  if (a.port !== b.port || a.protocol !== b.protocol) return false;
  return a.ip === b.ip || a.ip === anyAddress || b.ip === anyAddress;
}
