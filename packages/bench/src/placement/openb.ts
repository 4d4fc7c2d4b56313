import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Node, Pod } from "@berth/objects";
import type { Workload } from "./workload.ts";

/**
 * A GPU cluster of Alibaba (openb, Apache-2.0): 1,523 nodes and 8,152 pods in the order of their
 * creation. GPUs are `nvidia.com/gpu`; a share of one counts as one.
 */
export function openb(directory: string): Workload {
  const rows = (file: string) => {
    const [header = "", ...lines] = readFileSync(join(directory, file), "utf8").trimEnd().split("\n");
    const names = header.trim().split(",");
    return lines.map((line) => {
      const values = line.trim().split(",");
      return (name: string) => values[names.indexOf(name)] ?? "";
    });
  };
  const nodes = rows("openb-nodes.csv").map((of): Node => {
    const name = of("sn");
    const gpus = of("gpu") === "0" ? {} : { "nvidia.com/gpu": of("gpu") };
    return {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, labels: { "kubernetes.io/hostname": name } },
      status: {
        allocatable: { cpu: `${of("cpu_milli")}m`, memory: `${of("memory_mib")}Mi`, pods: "110", ...gpus },
      },
    };
  });
  const pods = rows("openb-pods.csv")
    .toSorted((a, b) => Number(a("creation_time")) - Number(b("creation_time")))
    .map((of): Pod => {
      const gpus = of("num_gpu") === "0" ? {} : { "nvidia.com/gpu": of("num_gpu") };
      const requests = { cpu: `${of("cpu_milli")}m`, memory: `${of("memory_mib")}Mi`, ...gpus };
      return {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: of("name"), namespace: "default" },
        spec: { containers: [{ name: "main", image: "main", resources: { requests } }] },
      };
    });
  return { name: `openb, ${nodes.length} nodes, ${pods.length} pods`, nodes, before: [], measured: pods };
}
