import { defineCodes } from "@berth/diagnostics";

/** The codes of this room, 5300 to 5399. */
export const codes = defineCodes({
  BERTH5301: {
    title: "Unknown VM size",
    explanation:
      "The catalogue of VM sizes does not have this name. Without the size's cores and memory nothing can be said about which pods fit on its nodes, nor what they cost.",
    remedy:
      "Correct the name; the message gives the nearest. Names are compared without regard to case. If Azure has the size and the catalogue does not, describe it with `defineMachineSize`.",
  },
  BERTH5302: {
    title: "Unknown region",
    explanation:
      "Azure has no physical region of this name in the catalogue. Names are compared as Azure compares them: spaces and case do not count, so `West Europe` is `westeurope`.",
    remedy: "Correct the name; the message gives the nearest.",
  },
  BERTH5303: {
    title: "Zone not available",
    explanation:
      "The region does not have this availability zone, or this VM size is not offered in it. Azure refuses the node pool when it is created.",
    remedy:
      "Choose among the zones that the message names, leave `zones` out for a regional pool, or take another region.",
  },
  BERTH5304: {
    title: "Invalid node pool name",
    explanation:
      "AKS allows lower-case letters and digits in the name of a node pool, beginning with a letter: 1 to 12 characters on Linux, 1 to 6 on Windows. The name is part of every node's name and cannot be changed later.",
    remedy: "Shorten the name, and leave out capitals, hyphens and underscores.",
  },
  BERTH5305: {
    title: "VM size too small for the node pool",
    explanation:
      "AKS needs at least 2 vCPUs on every node, 4 GiB of memory on nodes of system pools and 2 GiB on those of user pools. Burstable sizes (B-series) are not for system pools.",
    remedy: "Choose a larger size, or another series for the system pool.",
  },
  BERTH5306: {
    title: "Node count out of range",
    explanation:
      "A pool has at most 1,000 nodes, and a cluster 5,000 (1,000 on the free tier). A system pool has at least one node, and AKS advises two, so that the loss of one does not stop DNS and metrics. A user pool may be empty.",
    remedy: "Correct the count, or spread the nodes over more pools or clusters.",
  },
  BERTH5307: {
    title: "Pods per node out of range",
    explanation:
      "A node holds 10 to 250 pods, and a pool must have room for 30 pods in all, since AKS runs its own there. The number cannot be changed after the pool was created.",
    remedy:
      "Choose `maxPods` in that range. The default depends on the network: 250 with overlay, 110 with a pod subnet or kubenet, 30 where pods take addresses of the nodes' subnet.",
  },
  BERTH5308: {
    title: "Node label not allowed",
    explanation:
      "The label's key or value is not one that Kubernetes takes, or its prefix is reserved: `kubernetes.io/` and `kubernetes.azure.com/` belong to Kubernetes and AKS, which refuses the pool.",
    remedy: "Use a prefix of your own, `example.com/tier`, or none.",
  },
  BERTH5309: {
    title: "Invalid node taint",
    explanation:
      "AKS takes taints as `key=value:Effect` or `key:Effect`, where the effect is NoSchedule, PreferNoSchedule or NoExecute.",
    remedy: "Write the taint in that form: `dedicated=batch:NoSchedule`.",
  },
  BERTH5310: {
    title: "Invalid address range",
    explanation:
      "This is no IPv4 range in CIDR form, `10.0.0.0/16`, or its address is not the first of the range, which Azure refuses.",
    remedy:
      "Write the first address and the length of the prefix; the message gives the range that was probably meant.",
  },
  BERTH5311: {
    title: "Address ranges overlap",
    explanation:
      "Two ranges that must be apart share addresses: nodes, pods and services of a cluster are told apart by their addresses alone, so that traffic to the shared ones would go astray. AKS refuses it.",
    remedy: "Move one of the ranges; 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16 are private.",
  },
  BERTH5312: {
    title: "Service range too large",
    explanation: "The range for services must be smaller than /12.",
    remedy: "Choose a longer prefix. A /16, the default of AKS, has 65,534 addresses.",
  },
  BERTH5313: {
    title: "DNS address not usable",
    explanation:
      "The address of the cluster's DNS service must lie inside the service range, and may not be its first address, which belongs to the service `kubernetes`, nor its network or broadcast address.",
    remedy: "Take the tenth address of the range, as AKS does: 10.0.0.10 in 10.0.0.0/16.",
  },
  BERTH5314: {
    title: "Pod range too small",
    explanation:
      "With an overlay network every node takes a /24 of the pod range, whatever the number of its pods. The range does not have enough of them for the nodes, those that an upgrade adds included.",
    remedy: "Choose a larger pod range: a /16 has room for 256 nodes. It can be widened later, never shrunk.",
  },
  BERTH5315: {
    title: "Subnet too small",
    explanation:
      "The subnet has fewer addresses than the nodes (and, without an overlay, their pods) take, those that an upgrade adds included. Azure keeps five addresses of every subnet for itself.",
    remedy:
      "Choose a larger subnet, fewer nodes, fewer pods per node, or an overlay network, where pods take no addresses of the subnet.",
  },
  BERTH5316: {
    title: "Ephemeral OS disk does not fit",
    explanation:
      "An ephemeral OS disk lives on a local disk of the VM. This size has none that can hold one, or none that is as large as asked for. AKS refuses the pool.",
    remedy:
      "Ask for a smaller OS disk, use a managed one, or choose a size with a larger local disk (a `d` in its name).",
  },
  BERTH5317: {
    title: "Impossible machine description",
    explanation:
      "A number that describes a node is not one that a machine can have: negative, not finite, or not whole where it must be.",
    remedy: "Correct the number that the message names.",
  },
});
