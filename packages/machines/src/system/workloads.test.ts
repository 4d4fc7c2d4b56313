import { describe, expect, test } from "vitest";
import { aksSystemPods, aksSystemWorkloads, overrideSystemPods } from "../index.ts";

const names = (...args: Parameters<typeof aksSystemWorkloads>) =>
  aksSystemWorkloads(...args).map((each) => each.metadata.name);

describe("AKS's own pods", () => {
  test("depend on network and dataplane", () => {
    const azure = names({ networkPlugin: "azure" });
    expect(azure).toEqual(aksSystemPods.map((each) => each.name));
    expect(names({ networkPlugin: "azure", dataplane: "cilium" })).toEqual(
      azure.filter((each) => each !== "kube-proxy"),
    );
    expect(names({ networkPlugin: "kubenet" })).toEqual(azure.filter((each) => each !== "azure-cns"));
  });

  test("daemon sets tolerate everything, deployments what system pools have", () => {
    for (const { kind, spec } of aksSystemWorkloads({ networkPlugin: "azure" })) {
      expect(spec).toMatchObject({
        template: {
          spec: {
            tolerations:
              kind === "DaemonSet"
                ? [{ operator: "Exists" }]
                : [
                    { key: "CriticalAddonsOnly", operator: "Exists" },
                    { key: "node-role.kubernetes.io/control-plane" },
                  ],
          },
        },
      });
    }
  });

  test("DNS, whole", () => {
    expect(aksSystemWorkloads({ networkPlugin: "azure" }).find((each) => each.metadata.name === "coredns"))
      .toMatchInlineSnapshot(`
      {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
          "labels": {
            "k8s-app": "kube-dns",
            "kubernetes.azure.com/managedby": "aks",
          },
          "name": "coredns",
          "namespace": "kube-system",
        },
        "spec": {
          "replicas": 2,
          "selector": {
            "matchLabels": {
              "k8s-app": "kube-dns",
            },
          },
          "template": {
            "metadata": {
              "labels": {
                "k8s-app": "kube-dns",
                "kubernetes.azure.com/managedby": "aks",
              },
            },
            "spec": {
              "affinity": {
                "nodeAffinity": {
                  "preferredDuringSchedulingIgnoredDuringExecution": [
                    {
                      "preference": {
                        "matchExpressions": [
                          {
                            "key": "kubernetes.azure.com/mode",
                            "operator": "In",
                            "values": [
                              "system",
                            ],
                          },
                        ],
                      },
                      "weight": 100,
                    },
                  ],
                  "requiredDuringSchedulingIgnoredDuringExecution": {
                    "nodeSelectorTerms": [
                      {
                        "matchExpressions": [
                          {
                            "key": "kubernetes.io/os",
                            "operator": "In",
                            "values": [
                              "linux",
                            ],
                          },
                        ],
                      },
                    ],
                  },
                },
                "podAntiAffinity": {
                  "preferredDuringSchedulingIgnoredDuringExecution": [
                    {
                      "podAffinityTerm": {
                        "labelSelector": {
                          "matchLabels": {
                            "k8s-app": "kube-dns",
                          },
                        },
                        "topologyKey": "kubernetes.io/hostname",
                      },
                      "weight": 100,
                    },
                  ],
                },
              },
              "containers": [
                {
                  "image": "mcr.microsoft.com/oss/kubernetes/coredns",
                  "name": "coredns",
                  "resources": {
                    "requests": {
                      "cpu": "100m",
                      "memory": "70Mi",
                    },
                  },
                },
              ],
              "priorityClassName": "system-node-critical",
              "tolerations": [
                {
                  "key": "CriticalAddonsOnly",
                  "operator": "Exists",
                },
                {
                  "effect": "NoSchedule",
                  "key": "node-role.kubernetes.io/control-plane",
                  "operator": "Exists",
                },
              ],
            },
          },
        },
      }
    `);
  });

  test("selectors select their own templates and no other's", () => {
    const selectors = aksSystemWorkloads({ networkPlugin: "azure" }).map((each) =>
      JSON.stringify(each.spec["selector"]),
    );
    expect(new Set(selectors).size).toBe(selectors.length);
  });

  test("are overridden by name, or left out", () => {
    const pods = overrideSystemPods(aksSystemPods, {
      "azure-cns": false,
      "metrics-server": { cpu: "156m", memory: "138Mi" },
      "not-a-pod": false,
    });
    expect(pods).toHaveLength(aksSystemPods.length - 1);
    expect(pods.find((each) => each.name === "metrics-server")).toMatchObject({
      cpu: "156m",
      memory: "138Mi",
      replicas: 2,
    });
    expect(names({ networkPlugin: "azure", pods })).not.toContain("azure-cns");
  });
});
