import { defineCodes } from "@berth/diagnostics";

/** Codes of the simulator, 22xx. */
export const codes = defineCodes({
  BERTH2201: {
    title: "Cluster does not come to rest",
    explanation:
      "The controllers of the simulated cluster kept changing objects without end: two of them undo each other's work, as when the selectors of two workloads overlap.",
    remedy:
      "Look at the workloads that the message names: give each a selector that matches only its own pods.",
  },
  BERTH2202: {
    title: "Invalid object in a simulated cluster",
    explanation:
      "An object that was given to the simulated cluster lacks what every Kubernetes object has: apiVersion, kind and metadata.name.",
    remedy: "Complete the object that the message names.",
  },
  BERTH2203: {
    title: "One uid, two objects",
    explanation:
      "Two objects of a simulated cluster have the same `metadata.uid`. Owners are known by it, so nothing could be told of who owns what.",
    remedy: "Correct the objects, or the naming that gave them their uids: it must never give one twice.",
  },
});
