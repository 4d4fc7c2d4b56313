import { defineCodes } from "@berth/diagnostics";

/** Codes of the planner: 30xx changes, 31xx wiring, 32xx placement. */
export const plannerCodes = defineCodes({
  BERTH3001: {
    title: "Protected resource",
    explanation:
      "The plan would delete or replace a resource that is protected. A replacement deletes what stands and creates it again, and is refused like a deletion.",
    remedy:
      "If it is to go, take `protect: true` away from it in the program (or from the component around it), run `berth up`, and then do the change. If it is not, undo the edit that the plan names as the reason.",
  },
  BERTH3002: {
    title: "Resource of an unknown type",
    explanation:
      "The state has a resource whose type no loaded package defines, and the plan has to change or delete it. Without the definition nothing is known of what deleting it means.",
    remedy:
      "Install the package that defines the type again (the part of the type before the colon names it), or take the resource out of the state.",
  },
  BERTH3003: {
    title: "The same thing under another name",
    explanation:
      "A resource is to be created that the stack has already under another logical name, and others that stay depend on the old one. The old would be deleted under their feet.",
    remedy:
      "Give the resource its old logical name and place again. To rename it nevertheless, remove it and what depends on it first.",
  },
  BERTH3009: {
    title: "A provider is taken over from while it moves to another account",
    explanation:
      "A resource stays where it is under another provider of the same account, while the provider that it had comes to name another account, in one and the same plan. Were that plan interrupted in between, nothing would tell any more in which account the resource is.",
    remedy:
      "Do it in two runs: first give the resource its new provider, and when that is applied change the account of the other.",
  },
  BERTH3010: {
    title: "The new one cannot stand beside the old one",
    explanation:
      "A resource is to be replaced, and its option `deleteBeforeReplace: false` forbids that the old one is deleted first. But both would be the same physical thing, as far as berth can tell, so that the new one cannot be created while the old one stands.",
    remedy:
      'Put `{generation}` into its physical name (`name: "user{generation}"`): it stands for 1, 2, 3, … and grows with each replacement. Or take the option away, and let the deletion come first.',
  },
  BERTH3011: {
    title: "Something must be deleted before the new one can be created",
    explanation:
      "A resource is to be replaced, and its option `deleteBeforeReplace: false` forbids that the old one is deleted first. But it needs, or takes the name of, something that must be deleted before it can be made.",
    remedy:
      "Give the resource that the message names a `{generation}` in its physical name, so that it too is created first. Or take the option away, and let the deletion come first.",
  },
  BERTH3012: {
    title: "What is retained holds the name",
    explanation:
      "A resource is to be created under a physical name that something has which goes from the stack with `retainOnDelete`: it is only forgotten, stays where it is, and keeps the name.",
    remedy:
      "Give the new one another name (`{generation}` in it grows with each replacement). Or take `retainOnDelete` away and run `berth up` before the change, so that the old one is deleted.",
  },
  BERTH3040: {
    title: "Ignored changes have nothing to stay in",
    explanation:
      "The option `ignoreChanges` keeps a property as it is recorded. The program no longer has the object or list that this property is in, so that it goes with it.",
    remedy:
      "If it is to stay, name what it is in (`metadata.annotations` instead of `metadata.annotations.*`), or keep that in the program. If it is to go, take the path out of `ignoreChanges`.",
  },
  BERTH3013: {
    title: "An alias of another type",
    explanation:
      "The aliases of a resource lead to something that is recorded, but as another type. What is recorded can get another name and place; it stays of the type that it was made as.",
    remedy:
      "Take the alias away: the resource is then created, and the old one deleted. Or take the old one out of the stack with `berth state rm`, and take the thing in again with the option `import`.",
  },
  BERTH3014: {
    title: "Renamed, or made anew?",
    explanation:
      "A resource is to be created with exactly the inputs of one that is to be deleted. Most likely it got another name or place in the program. Types that have no physical name do not tell, and so the plan deletes the one and creates the other.",
    remedy:
      "If it is the same, say so: the hint has the line to write. Once it is applied, the line may stay or go. If it is not, nothing has to be done.",
  },
  BERTH3004: {
    title: "No static address left",
    explanation:
      "berth gives each service an address of the static band of the cluster's service range, which Kubernetes does not hand out by itself as long as it has others. All addresses of the band are taken.",
    remedy:
      "Write `spec.clusterIP` in the services that need a stable address and leave the others to the cluster: an address outside the band works too, while no other service has it. A larger service range has a larger band, of up to 256 addresses.",
  },
  BERTH3080: {
    title: "Nothing is called that",
    explanation:
      "A pattern of `--target`, `--exclude` or `--replace` means no resource and no component of the stack, neither declared nor recorded. Planning on would do less, or more, than was asked for.",
    remedy:
      "Take the name from `berth preview` or `berth stack show`: a logical path (`front/service`), a type with a path (`kubernetes:Service::front/service`), or a URN. `*` stands for any part of one name, `**` for any part of the whole. `--replace` takes only what the program declares.",
  },
  BERTH3081: {
    title: "Targeted and left out",
    explanation:
      "All that a pattern of `--target` or `--replace` means is left out by `--exclude`, by name or because what it needs is excluded: an exclude takes with it what depends on it.",
    remedy: "Take one of the two patterns away, or exclude less.",
  },
  BERTH3082: {
    title: "Replaced from under what is left out",
    explanation:
      "The plan of a part of the stack would replace a resource on which others depend that are recorded and outside of that part. They would stand on something that is gone, and the next plan could not tell.",
    remedy:
      "Take what depends on it into the plan as well (`--target` it too, or do not exclude it): what has no change is only looked at. Or leave the replaced resource out.",
  },
  BERTH3083: {
    title: "One thing under two names, one of which is left out",
    explanation:
      "A resource of the planned part is to be created under a physical name that another one has, which is recorded and outside of that part; or one is to be deleted that the program has under another name outside of it. Together the two are a resource that was renamed, to which nothing is to be done.",
    remedy: "Plan both together: `--target` the other one as well, or do not exclude it.",
  },
  BERTH3101: {
    title: "Service selects nothing",
    explanation:
      "The selector of a service matches no pod of the cluster and no pod template of the program in its namespace. Traffic to the service would be refused.",
    remedy:
      'Compare the service\'s `spec.selector` with the labels of the pod template that it is for (`spec.template.metadata.labels`) and with its namespace. If the pods come from elsewhere, silence the check on the service: `{ silence: ["BERTH3101"] }`.',
  },
  BERTH3102: {
    title: "No such container port",
    explanation:
      "A port of a service names a target port that no container of the selected pods has. Kubernetes accepts this and sends that port's traffic nowhere.",
    remedy:
      "Name the port in the container (`ports: [{ name, containerPort }]`), correct the name in the service, or give the number.",
  },
  BERTH3103: {
    title: "Target port is not declared",
    explanation:
      "A port of a service goes to a number that no container of the selected pods declares. Declaring ports is optional, so traffic arrives if the container listens there; more often it is a mistake.",
    remedy:
      'Correct `targetPort`, or declare the port in the container. If it is right as it is, silence the check on the service: `{ silence: ["BERTH3103"] }`.',
  },
  BERTH3104: {
    title: "Two services with one address",
    explanation: "Two services of a cluster ask for the same cluster IP. The API server refuses the second.",
    remedy:
      "Remove `spec.clusterIP` from one of them, so that it gets an address of its own, or write another one.",
  },
  BERTH3201: {
    title: "Pod finds no node",
    explanation:
      "When everything has been applied, a pod of this stack is left without a node. The message is the scheduler's, and the plan holds what each node refused it for.",
    remedy:
      "Add nodes or larger ones, lower the pod's requests, or relax what keeps it off the nodes there are: selectors, affinities, spread constraints, taints that it does not tolerate.",
  },
  BERTH3202: {
    title: "Rollout gets stuck",
    explanation:
      "A workload is updated, but its rollout does not end: a pod of the new template is needed before an old one may go, and finds no node.",
    remedy:
      "Make room for the additional pod (`maxSurge` of them run beside the old ones), or let the rollout remove an old pod first: `strategy.rollingUpdate: { maxSurge: 0, maxUnavailable: 1 }`.",
  },
  BERTH3203: {
    title: "Pod is larger than any node",
    explanation:
      "A pod requests more of a resource than the largest node of the cluster can give to pods, even when it is empty. It can never run.",
    remedy:
      "Lower the request, or add a pool of larger machines. What a node can give is less than what the machine has: the system and AKS keep a part.",
  },
  BERTH3204: {
    title: "No such pod",
    explanation:
      "An explanation was asked for of a pod that is in no cluster of this stack, neither now nor when the plan has been applied.",
    remedy:
      "Take a name from `berth preview`: pods that run have their real names, pods to come symbolic ones such as `store-front#1`. Put the namespace before it where two pods have one name: `default/store-front#1`.",
  },
  BERTH3205: {
    title: "Several pods of that name",
    explanation: "The name of a pod that was asked about is one of several pods'.",
    remedy: "Say which: `NAMESPACE/POD`, or `CLUSTER/NAMESPACE/POD` where clusters have the same.",
  },
  BERTH3206: {
    title: "No such node",
    explanation:
      "The node that was asked about is not in the pod's cluster, neither before nor after the plan.",
    remedy:
      "Take a name from `berth preview`: nodes that exist have their real names, nodes to come symbolic ones such as `user#1`.",
  },
  BERTH3050: {
    title: "There is nothing to import",
    explanation: "The option `import` names a physical id under which the provider finds nothing.",
    remedy:
      "Correct the id (for Azure the resource's ARM id, for Kubernetes `apps/v1 Deployment namespace/name`), or take the option away so that the resource is created.",
  },
  BERTH3051: {
    title: "What is imported is not as the program says",
    explanation:
      "An import takes what exists into the stack and changes nothing. What was found differs from what the program says; each difference is a problem of its own.",
    remedy:
      "Write into the program what is there (`berth import TYPE NAME ID` prints it), run `berth up`, and make the change afterwards.",
  },
  BERTH3052: {
    title: "There is nothing to read",
    explanation:
      "The program reads a resource (`X.get`) by a physical id under which the provider finds nothing.",
    remedy:
      "Correct the id, or, if it was deleted, declare what is to be in its place. For Azure it is the resource's ARM id, for Kubernetes `apps/v1 Deployment namespace/name`.",
  },
  BERTH3053: {
    title: "An import takes over from a stack",
    explanation:
      "What is to be imported carries the mark of a stack: berth made it, or imported it, for that one. From the import on it is this stack's; the other one can neither change nor delete it any more.",
    remedy:
      "Let the other stack forget it first (`berth state rm` there). If two stacks need it, one of them should only read it: `X.get`.",
  },
});
