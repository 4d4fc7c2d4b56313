import { isMutableObject, type MutableJsonObject, objectAt, objectsAt } from "../json.ts";
import { absent, type Defaulter, type Defaulters, empty, setAbsent, setEmpty } from "./defaulter.ts";

const RBAC_GROUP = "rbac.authorization.k8s.io";

const webhook = absent({
  failurePolicy: "Fail",
  matchPolicy: "Equivalent",
  namespaceSelector: {},
  objectSelector: {},
  timeoutSeconds: 10,
});

const roleBinding: Defaulter = (binding) => {
  const roleRef = objectAt(binding, "roleRef");
  if (roleRef) setEmpty(roleRef, "apiGroup", RBAC_GROUP);
};

const deviceRequest: Defaulter = (request) => {
  setEmpty(request, "allocationMode", "ExactCount");
  if (request["allocationMode"] === "ExactCount") setEmpty(request, "count", 1);
};

/** Source: kubernetes v1.36 `pkg/apis/{group}/{version}/defaults.go` of the groups named in the type names. */
export const otherGroups: Defaulters = {
  "batch.v1.Job": (job) => {
    const spec = objectAt(job, "spec");
    const labels = objectAt(objectAt(objectAt(spec, "template"), "metadata"), "labels");
    const metadata = objectAt(job, "metadata");
    if (labels && metadata) setAbsent(metadata, "labels", labels);
    if (!spec) return;
    if (spec["completions"] === undefined && spec["parallelism"] === undefined) spec["completions"] = 1;
    setAbsent(spec, "parallelism", 1);
    setAbsent(spec, "backoffLimit", spec["backoffLimitPerIndex"] === undefined ? 6 : 2 ** 31 - 1);
    setAbsent(spec, "completionMode", "NonIndexed");
    setAbsent(spec, "suspend", false);
    setAbsent(
      spec,
      "podReplacementPolicy",
      spec["podFailurePolicy"] === undefined ? "TerminatingOrFailed" : "Failed",
    );
  },
  "batch.v1.PodFailurePolicyOnPodConditionsPattern": empty({ status: "True" }),
  "batch.v1.CronJobSpec": (spec) => {
    setEmpty(spec, "concurrencyPolicy", "Allow");
    setAbsent(spec, "suspend", false);
    setAbsent(spec, "successfulJobsHistoryLimit", 3);
    setAbsent(spec, "failedJobsHistoryLimit", 1);
  },
  "autoscaling.v1.HorizontalPodAutoscalerSpec": absent({ minReplicas: 1 }),
  "autoscaling.v2.HorizontalPodAutoscalerSpec": (spec) => {
    setAbsent(spec, "minReplicas", 1);
    setEmpty(spec, "metrics", [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
      },
    ]);
    const behavior = objectAt(spec, "behavior");
    if (!behavior) return;
    const percent = { type: "Percent", value: 100, periodSeconds: 15 };
    const pods = { type: "Pods", value: 4, periodSeconds: 15 };
    behavior["scaleUp"] = scalingRules(behavior, "scaleUp", {
      stabilizationWindowSeconds: 0,
      policies: [pods, percent],
    });
    behavior["scaleDown"] = scalingRules(behavior, "scaleDown", { policies: [percent] });
  },
  "networking.v1.NetworkPolicyPort": absent({ protocol: "TCP" }),
  "networking.v1.NetworkPolicySpec": (spec) => {
    setEmpty(spec, "policyTypes", objectsAt(spec, "egress").length > 0 ? ["Ingress", "Egress"] : ["Ingress"]);
  },
  "networking.v1.IngressClassParametersReference": absent({ scope: "Cluster" }),
  "rbac.v1.ClusterRoleBinding": roleBinding,
  "rbac.v1.RoleBinding": roleBinding,
  "rbac.v1.Subject": (subject) => {
    if (subject["kind"] === "User" || subject["kind"] === "Group") setEmpty(subject, "apiGroup", RBAC_GROUP);
  },
  "storage.v1.StorageClass": absent({ reclaimPolicy: "Delete", volumeBindingMode: "Immediate" }),
  "storage.v1.CSIDriverSpec": (spec) => {
    setAbsent(spec, "attachRequired", true);
    setAbsent(spec, "podInfoOnMount", false);
    setAbsent(spec, "storageCapacity", false);
    setAbsent(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
    setEmpty(spec, "volumeLifecycleModes", ["Persistent"]);
    setAbsent(spec, "requiresRepublish", false);
    setAbsent(spec, "seLinuxMount", false);
  },
  "scheduling.v1.PriorityClass": absent({ preemptionPolicy: "PreemptLowerPriority" }),
  "discovery.v1.EndpointPort": absent({ name: "", protocol: "TCP" }),
  "admissionregistration.v1.ValidatingWebhook": webhook,
  "admissionregistration.v1.MutatingWebhook": (object) => {
    webhook(object);
    setAbsent(object, "reinvocationPolicy", "Never");
  },
  "admissionregistration.v1.RuleWithOperations": absent({ scope: "*" }),
  "admissionregistration.v1.NamedRuleWithOperations": absent({ scope: "*" }),
  "admissionregistration.v1.MatchResources": absent({
    matchPolicy: "Equivalent",
    namespaceSelector: {},
    objectSelector: {},
  }),
  "admissionregistration.v1.ValidatingAdmissionPolicySpec": absent({ failurePolicy: "Fail" }),
  "admissionregistration.v1.MutatingAdmissionPolicySpec": absent({ failurePolicy: "Fail" }),
  "admissionregistration.v1.ServiceReference": absent({ port: 443 }),
  "apiregistration.v1.ServiceReference": absent({ port: 443 }),
  "apiextensions.v1.CustomResourceDefinitionSpec": (spec) => {
    setAbsent(spec, "conversion", { strategy: "None" });
    const names = objectAt(spec, "names");
    if (!names || typeof names["kind"] !== "string") return;
    setEmpty(names, "singular", names["kind"].toLowerCase());
    setEmpty(names, "listKind", `${names["kind"]}List`);
  },
  "flowcontrol.v1.FlowSchemaSpec": empty({ matchingPrecedence: 1000 }),
  "flowcontrol.v1.LimitedPriorityLevelConfiguration": absent({
    nominalConcurrencyShares: 30,
    lendablePercent: 0,
  }),
  "flowcontrol.v1.ExemptPriorityLevelConfiguration": absent({
    nominalConcurrencyShares: 0,
    lendablePercent: 0,
  }),
  "flowcontrol.v1.QueuingConfiguration": empty({ handSize: 8, queues: 64, queueLengthLimit: 50 }),
  "resource.v1.ExactDeviceRequest": deviceRequest,
  "resource.v1.DeviceSubRequest": deviceRequest,
  "resource.v1.DeviceToleration": empty({ operator: "Equal" }),
};

function scalingRules(
  behavior: MutableJsonObject,
  name: string,
  defaults: MutableJsonObject,
): MutableJsonObject {
  const stated = behavior[name];
  return { selectPolicy: "Max", ...defaults, ...(isMutableObject(stated) ? stated : {}) };
}
