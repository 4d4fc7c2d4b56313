import { defineCodes } from "@berth/diagnostics";

/** Codes of the scheduler, 21xx. */
export const schedulerCodes = defineCodes({
  BERTH2101: {
    title: "Not a quantity",
    explanation:
      "A resource amount of a pod or node is not a Kubernetes quantity, or a negative one, so nothing can be said about what fits where.",
    remedy: "Write a number with an optional suffix, as in `500m`, `1.5`, `2Gi`.",
  },
  BERTH2102: {
    title: "Unknown Kubernetes version",
    explanation: "Scheduling rules differ between minor versions; these are known: 1.33, 1.34, 1.35, 1.36.",
    remedy: "Give one of the known versions, with or without its patch, as in `1.36` or `1.36.2`.",
  },
  BERTH2103: {
    title: "Unknown node",
    explanation:
      "A pod was to be placed on, or a change was to be made to, a node that is not in the cluster.",
    remedy: "Add the node first, or correct its name.",
  },
  BERTH2104: {
    title: "Pod is placed already",
    explanation: "A pod with this namespace and name runs on a node already; a name can be taken once.",
    remedy: "Remove the pod first, or give the new one another name.",
  },
  BERTH2105: {
    title: "Node exists already",
    explanation: "Two nodes of one cluster cannot have the same name.",
    remedy: "Give each node a name of its own, or update the one that exists.",
  },
  BERTH2106: {
    title: "Invalid object",
    explanation:
      "An object that the scheduler was given lacks what it needs to be read, or holds a value that Kubernetes refuses.",
    remedy: "Correct the property that the message names.",
  },
  BERTH2107: {
    title: "Unknown scheduler plugin",
    explanation:
      "A KubeSchedulerConfiguration names a plugin that the default scheduler of this version does not have.",
    remedy:
      "Correct the name, or remove the plugin: berth cannot run plugins that are not part of kube-scheduler.",
  },
  BERTH2108: {
    title: "Invalid scheduler configuration",
    explanation: "A KubeSchedulerConfiguration holds a value that kube-scheduler refuses at its start.",
    remedy: "Correct the property that the message names.",
  },
  BERTH2109: {
    title: "Decision is too old to be explained",
    explanation:
      "What led to a decision is worked out when it is asked for, from the changes since; these were forgotten.",
    remedy: "Read `best`, `scores` and `reasons` before calling `forget`.",
  },
  BERTH2110: {
    title: "Unknown scheduler",
    explanation:
      "A pod asks in `spec.schedulerName` for a scheduler that the configuration has no profile for. In a cluster it would wait for ever.",
    remedy: "Add a profile of that name to the configuration, or correct the pod's `schedulerName`.",
  },
});
