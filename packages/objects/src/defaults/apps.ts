import { objectAt } from "../json.ts";
import { type Defaulters, setAbsent, setEmpty } from "./defaulter.ts";

/** Source: kubernetes v1.36 `pkg/apis/apps/v1/defaults.go`. */
export const apps: Defaulters = {
  "apps.v1.DeploymentSpec": (spec) => {
    setAbsent(spec, "replicas", 1);
    setAbsent(spec, "revisionHistoryLimit", 10);
    setAbsent(spec, "progressDeadlineSeconds", 600);
  },
  "apps.v1.DeploymentStrategy": (strategy) => {
    setEmpty(strategy, "type", "RollingUpdate");
    if (strategy["type"] !== "RollingUpdate") return;
    setAbsent(strategy, "rollingUpdate", {});
    const rollingUpdate = objectAt(strategy, "rollingUpdate");
    if (!rollingUpdate) return;
    setAbsent(rollingUpdate, "maxUnavailable", "25%");
    setAbsent(rollingUpdate, "maxSurge", "25%");
  },
  "apps.v1.DaemonSetSpec": (spec) => setAbsent(spec, "revisionHistoryLimit", 10),
  "apps.v1.DaemonSetUpdateStrategy": (strategy) => {
    setEmpty(strategy, "type", "RollingUpdate");
    if (strategy["type"] !== "RollingUpdate") return;
    setAbsent(strategy, "rollingUpdate", {});
    const rollingUpdate = objectAt(strategy, "rollingUpdate");
    if (!rollingUpdate) return;
    setAbsent(rollingUpdate, "maxUnavailable", 1);
    setAbsent(rollingUpdate, "maxSurge", 0);
  },
  "apps.v1.StatefulSetSpec": (spec) => {
    setEmpty(spec, "podManagementPolicy", "OrderedReady");
    setAbsent(spec, "persistentVolumeClaimRetentionPolicy", {});
    setAbsent(spec, "replicas", 1);
    setAbsent(spec, "revisionHistoryLimit", 10);
  },
  "apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy": (policy) => {
    setEmpty(policy, "whenDeleted", "Retain");
    setEmpty(policy, "whenScaled", "Retain");
  },
  "apps.v1.StatefulSetUpdateStrategy": (strategy) => {
    if (!strategy["type"]) {
      strategy["type"] = "RollingUpdate";
      setAbsent(strategy, "rollingUpdate", {});
    }
    const rollingUpdate = objectAt(strategy, "rollingUpdate");
    if (strategy["type"] === "RollingUpdate" && rollingUpdate) setAbsent(rollingUpdate, "partition", 0);
  },
  "apps.v1.ReplicaSetSpec": (spec) => setAbsent(spec, "replicas", 1),
};
