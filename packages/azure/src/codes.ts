import { defineCodes } from "@berth/diagnostics";

/** What can go wrong between berth and Azure Resource Manager, and in the resources of this room: 5001 to 5099. */
export const codes = defineCodes({
  BERTH5001: {
    title: "The resource exists already",
    explanation:
      "A create found a resource with that id in Azure which this stack did not make. berth never takes over silently what others may own.",
    remedy:
      "Choose another name, delete the resource, or take it over explicitly: the option `import` takes it as it is, `adopt: true` changes it to what the program says.",
  },
  BERTH5002: {
    title: "Azure refused the request",
    explanation: "Azure Resource Manager answered with an error; its own code and words are in the message.",
    remedy: "Mend what the message names; the correlation id helps Azure's support to find the request.",
  },
  BERTH5003: {
    title: "An operation in Azure failed",
    explanation:
      "Azure accepted the request, worked on it, and then reported that it failed or was cancelled.",
    remedy: "Mend what the message names and run `berth up` again: it goes on from what was done.",
  },
  BERTH5004: {
    title: "Azure cannot be reached",
    explanation:
      "The request did not come through, or was answered by something that is not Azure Resource Manager.",
    remedy:
      "See the network and credentials. A preview can work from the saved snapshot: `berth preview --offline`.",
  },
  BERTH5005: {
    title: "Azure is slowing the requests down",
    explanation: "The subscription's request quota is used up, and stayed so over several waits.",
    remedy: "Wait some minutes and run `berth up` again: it goes on from what was done.",
  },
  BERTH5006: {
    title: "The resource changed in between",
    explanation:
      "The resource is not as it was when berth read it: somebody else wrote it at the same moment.",
    remedy: "Look at what changed, then run berth again.",
  },
  BERTH5007: {
    title: "No credentials for the cluster",
    explanation:
      "Azure's answer to the question for a cluster's credentials holds no kubeconfig that names a server.",
    remedy:
      "See whether the cluster runs and whether you may list its user credentials: `az aks get-credentials`.",
  },
  BERTH5008: {
    title: "The resource group is not empty",
    explanation:
      "Azure deletes a group with everything in it. This group holds resources that the stack did not make or has forgotten, and berth deletes only what it made.",
    remedy: "Look at what the message names: move or delete it, then run berth again.",
  },
  BERTH5010: {
    title: "Not a managed cluster",
    explanation:
      "A node pool takes its cluster as `cluster`: the ManagedCluster itself, from which it takes name, region, version and network.",
    remedy: 'Give the resource: `new azure.NodePool("user", { cluster, … })`.',
  },
  BERTH5011: {
    title: "Subnet too small for Azure",
    explanation:
      "The smallest subnet that Azure takes is a /29, since it keeps five addresses of each for itself.",
    remedy: "Choose a shorter prefix.",
  },
  BERTH5012: {
    title: "Settings of the network do not fit together",
    explanation:
      "A pod range is for overlay networks and kubenet: with other networks, pods have addresses of a subnet.",
    remedy:
      'Leave `podCidr` out, or choose an overlay: `{ networkPlugin: "azure", networkPluginMode: "overlay" }`, which is the default.',
  },
  BERTH5013: {
    title: "The resource is gone",
    explanation:
      "The plan was to update a resource that does not exist any more: somebody deleted it since it was recorded. An update makes nothing, since no plan has shown that.",
    remedy:
      "Run `berth up` again: it finds that the resource is gone, and its plan creates it. `--refresh` finds it before anything is changed.",
  },
  BERTH5015: {
    title: "A version that Kubernetes does not go to",
    explanation:
      "AKS takes a cluster or a pool to a newer version of Kubernetes only, and a cluster to the next minor version only. It would refuse the update.",
    remedy:
      "Write the version that is recorded, or the next one. To come to an older version, make another cluster or pool with it: with `{generation}` in its name and `--replace` it is made before the old one goes.",
  },
  BERTH5014: {
    title: "The resource is not this one",
    explanation:
      "What berth makes carries a tag (`berth-operation`) that says which operation made it. What has this id now carries none, or another one: it was deleted and made anew, or somebody took the tag away. berth neither deletes it nor takes it from another stack.",
    remedy:
      "See who made it. If it is yours, let it go with `berth state rm` and take it in again with `berth import`; if it is not, give the resource another name.",
  },
});
