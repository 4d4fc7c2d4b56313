import { defineCodes } from "@berth/diagnostics";

/** What can go wrong between berth and a Kubernetes API. */
export const codes = defineCodes({
  BERTH5101: {
    title: "The object exists already",
    explanation:
      "A create found an object of that kind and name on the cluster which this stack did not make. berth never takes over silently what others may own.",
    remedy:
      "Choose another name, delete the object, or take it over explicitly: the option `import` takes it as it is, `adopt: true` changes it to what the program says.",
  },
  BERTH5102: {
    title: "Somebody else owns a field",
    explanation:
      "The API server refused the change because another field manager (a controller, kubectl, Helm) has set a field of it to another value, which the plan did not show. berth does not overwrite what nobody has seen.",
    remedy:
      "Run `berth up --refresh`: its plan shows what the other manager wrote, and takes it back if you approve. Or leave the field out of the program.",
  },
  BERTH5103: {
    title: "The API server refused the object",
    explanation:
      "The object is invalid or the change is not allowed; the API server's own words are in the message.",
    remedy: "Mend what the message names.",
  },
  BERTH5104: {
    title: "The cluster cannot be reached",
    explanation: "The request to the Kubernetes API did not come through, or was answered by something else.",
    remedy:
      "See whether the cluster runs and whether you are allowed to speak to it. A preview can work from the saved snapshot: `berth preview --offline`.",
  },
  BERTH5105: {
    title: "There is no connection to the cluster",
    explanation:
      "The resource lives on a cluster that no provider knows how to reach: it is neither made by this stack nor given by a kubeconfig.",
    remedy: "Say which cluster it lives on with the option `cluster`.",
  },
  BERTH5106: {
    title: "The object changed hands in between",
    explanation:
      "Between berth's look at the object and its request somebody else created it, deleted it, or put another one in its place. Nothing was overwritten and nothing deleted.",
    remedy: "Look at who made it (its managed fields say), then run berth again.",
  },
  BERTH5107: {
    title: "A load balancer got no address",
    explanation: "The service was applied and the cloud made no public address for it in ten minutes.",
    remedy:
      "Look at the service's events on the cluster; quota for public addresses and permissions are the usual reasons. Run `berth up` again to go on.",
  },
  BERTH5108: {
    title: "The workload is not exposed",
    explanation: "A workload has a service and an address only once one of the expose verbs was called.",
    remedy: "Call `exposeInternally` or `exposePublicly` before its service or address is used.",
  },
  BERTH5109: {
    title: "The workload can't be exposed so",
    explanation:
      "A workload is exposed once, on a container port that is clear: its only one, or the one that `targetPort` names.",
    remedy: "Say `targetPort`, or declare a further Service of your own.",
  },
  BERTH5110: {
    title: "The object is gone",
    explanation:
      "The plan was to update an object that does not exist any more: somebody deleted it since it was recorded. An update makes nothing, since no plan has shown that.",
    remedy:
      "Run `berth up` again: it finds that the object is gone, and its plan creates it. `--refresh` finds it before anything is changed.",
  },
  BERTH5111: {
    title: "The object is not this resource's",
    explanation:
      "Each object that berth makes carries an annotation (`berth.dev/owner`) that says which operation made it. The object of this name carries none, or another one: it was deleted and made anew, or somebody took the annotation away. berth neither deletes it nor takes it from another stack.",
    remedy:
      "See who made it. If it is yours, let it go with `berth state rm` and take it in again with `berth import`; if it is not, give the resource another name.",
  },
});
