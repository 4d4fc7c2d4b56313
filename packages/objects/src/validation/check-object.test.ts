import { formatProblem } from "@berth/diagnostics";
import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "../json.ts";
import { type ApplyTrace, fixture } from "../testing/traces.ts";
import { writeObject } from "../write/write-object.ts";
import { checkObject } from "./check-object.ts";

const container = { name: "web", image: "web:1" };
const template = (spec: object = {}, labels: object = { app: "web" }) => ({
  metadata: { labels },
  spec: { containers: [container], ...spec },
});
const deployment = (spec: object = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: { selector: { matchLabels: { app: "web" } }, template: template(), ...spec },
});
const withContainer = (part: object) =>
  deployment({ template: template({ containers: [{ ...container, ...part }] }) });
const withPod = (part: object) => deployment({ template: template(part) });
const service = (spec: object) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web" },
  spec: { ports: [{ port: 80 }], ...spec },
});
const statefulSet = (spec: object) => ({
  ...deployment({ serviceName: "web", ...spec }),
  kind: "StatefulSet",
});
const daemonSet = (spec: object) => ({ ...deployment(spec), kind: "DaemonSet" });

/** Rules that the recordings do not exercise; each from the file that its module names. */
describe("what an API server would refuse", () => {
  test.each<[object, string]>([
    [deployment({ replicas: -2 }), "spec.replicas: Invalid value: -2: must be greater than or equal to 0"],
    [
      deployment({ template: template({}, { app: "api" }) }),
      'spec.template.metadata.labels: Invalid value: {"app":"api"}: `selector` does not match template `labels`',
    ],
    [
      deployment({ selector: {} }),
      "spec.selector: Invalid value: {}: empty selector is invalid for deployment",
    ],
    [
      deployment({ selector: { matchExpressions: [{ key: "a", operator: "In" }] } }),
      "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    ],
    [
      deployment({ progressDeadlineSeconds: 5, minReadySeconds: 5 }),
      "spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds",
    ],
    [
      deployment({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
      "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0",
    ],
    [
      deployment({ strategy: { rollingUpdate: { maxSurge: "a lot" } } }),
      'spec.strategy.rollingUpdate.maxSurge: Invalid value: "a lot": a valid percent string',
    ],
    [
      deployment({ strategy: { rollingUpdate: { maxUnavailable: "101%" } } }),
      'Invalid value: "101%": must not be greater than 100%',
    ],
    [
      { ...deployment(), metadata: { name: "Web" } },
      'metadata.name: Invalid value: "Web": a lowercase RFC 1123 subdomain',
    ],
    [
      { ...deployment(), metadata: { name: "web", labels: { "a b": "c" } } },
      'metadata.labels: Invalid value: "a b": name part must consist of alphanumeric',
    ],
    [
      { ...deployment(), metadata: { name: "web", labels: { a: "-" } } },
      'metadata.labels: Invalid value: "-": a valid label must be an empty string or consist of',
    ],
    [
      { ...deployment(), metadata: { name: "web", annotations: { "a/b/c": "" } } },
      'metadata.annotations: Invalid value: "a/b/c": a valid label key must consist of',
    ],
    [withPod({ containers: [] }), "spec.template.spec.containers: Required value"],
    [withPod({ containers: [container, container] }), "name=web is the key of"],
    [
      withPod({ restartPolicy: "Never" }),
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ],
    [
      withPod({ tolerations: [{ operator: "Exists", value: "x" }] }),
      "value must be empty when `operator` is 'Exists'",
    ],
    [
      withPod({ tolerations: [{ key: "", effect: "NoSchedule" }] }),
      "operator must be Exists when `key` is empty",
    ],
    [
      withPod({ tolerations: [{ key: "a", operator: "Exists", tolerationSeconds: 5 }] }),
      "effect must be 'NoExecute' when `tolerationSeconds` is set",
    ],
    [
      withPod({
        topologySpreadConstraints: [{ maxSkew: 0, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }],
      }),
      "maxSkew: Invalid value: 0: must be greater than zero",
    ],
    [
      withPod({ volumes: [{ name: "Data" }] }),
      'spec.template.spec.volumes[0].name: Invalid value: "Data": a lowercase RFC 1123 label',
    ],
    [
      withPod({ volumes: [{ name: "v", emptyDir: {}, secret: { secretName: "s" } }] }),
      "volumes[0].secret: Forbidden: may not specify more than 1 volume type",
    ],
    [
      withContainer({ volumeMounts: [{ name: "v", mountPath: "/v" }] }),
      'containers[0].volumeMounts[0].name: Not found: "v"',
    ],
    [withContainer({ name: "Web" }), 'containers[0].name: Invalid value: "Web": a lowercase RFC 1123 label'],
    [withContainer({ image: "" }), "containers[0].image: Required value"],
    [
      withContainer({ ports: [{ containerPort: 70000 }] }),
      "containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
    ],
    [
      withContainer({
        ports: [
          { containerPort: 80, name: "http" },
          { containerPort: 81, name: "http" },
        ],
      }),
      'containers[0].ports[1].name: Duplicate value: "http"',
    ],
    [
      withContainer({ ports: [{ containerPort: 80, name: "a-very-long-name" }] }),
      "must be no more than 15 characters",
    ],
    [
      withContainer({ env: [{ name: "A=B" }] }),
      "a valid environment variable name must consist only of printable ASCII characters other than '='",
    ],
    [
      withContainer({
        env: [{ name: "A", value: "1", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
      }),
      "may not be specified when `value` is not empty",
    ],
    [
      withContainer({ resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } }),
      'resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    ],
    [
      withContainer({ resources: { requests: { cpu: "-1" } } }),
      'resources.requests.cpu: Invalid value: "-1": must be greater than or equal to 0',
    ],
    [
      withContainer({ resources: { requests: { gpu: 1 } } }),
      "must be a standard resource type or fully qualified",
    ],
    [
      withContainer({ resources: { requests: { "nvidia.com/gpu": 1 } } }),
      "Limit must be set for non overcommitable resources",
    ],
    [
      withContainer({ livenessProbe: { successThreshold: 2, httpGet: { port: 80 } } }),
      "livenessProbe.successThreshold: Invalid value: 2: must be 1",
    ],
    [withContainer({ readinessProbe: {} }), "readinessProbe: Required value: must specify a handler type"],
    [
      withContainer({ readinessProbe: { tcpSocket: { port: 0 } } }),
      "readinessProbe.tcpSocket.port: Invalid value: 0: must be between 1 and 65535, inclusive",
    ],
    [service({ ports: [] }), "spec.ports: Required value"],
    [service({ ports: [{ port: 80 }, { port: 81 }] }), "spec.ports[0].name: Required value"],
    [
      service({ ports: [{ port: 0 }] }),
      "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
    ],
    [
      service({ clusterIP: "None", type: "NodePort" }),
      "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services",
    ],
    [
      service({ clusterIP: "10.0.0" }),
      'spec.clusterIPs[0]: Invalid value: "10.0.0": must be a valid IP address',
    ],
    [service({ type: "ExternalName" }), "spec.externalName: Required value"],
    [
      service({ ports: [{ port: 80, nodePort: 30000 }] }),
      "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
    ],
    [
      service({ loadBalancerClass: "x" }),
      "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'",
    ],
    [
      service({ sessionAffinity: "ClientIP", sessionAffinityConfig: { clientIP: { timeoutSeconds: 0 } } }),
      "must be greater than 0 and less than 86400",
    ],
    [
      { ...service({}), metadata: { name: "1web" } },
      'metadata.name: Invalid value: "1web": a DNS-1035 label',
    ],
    [
      statefulSet({ updateStrategy: { type: "OnDelete", rollingUpdate: { partition: 1 } } }),
      "only allowed for updateStrategy 'RollingUpdate'",
    ],
    [statefulSet({ ordinals: { start: -1 } }), "spec.ordinals.start: Invalid value: -1"],
    [
      daemonSet({ updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } }),
      "may not be set when maxUnavailable is non-zero",
    ],
    [
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" }, data: { "a b": "" } },
      'data["a b"]: Invalid value: "a b": a valid config key must consist of',
    ],
    [
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" }, data: { a: "x".repeat(2 ** 20 + 1) } },
      "Too long: may not be more than 1048576 bytes",
    ],
    [
      { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, type: "kubernetes.io/tls" },
      'data["tls.crt"]: Required value',
    ],
    [
      { apiVersion: "v1", kind: "Node", metadata: { name: "n", namespace: "x" } },
      "metadata.namespace: Forbidden: not allowed on this type",
    ],
    [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "a.b" } }, "a lowercase RFC 1123 label"],
  ])("%#: %j", (object, expected) => {
    const texts = checkObject(object).map(formatProblem);
    expect(texts).toContainEqual(expect.stringContaining(expected));
  });

  test.each(fixture<ApplyTrace[]>("apply-aks-store-quickstart.json"))(
    "not $input.kind $input.metadata.name of the store",
    ({ input }) => {
      expect(checkObject(input)).toEqual([]);
    },
  );

  test("is what the write is refused with", () => {
    const object: JsonObject = JSON.parse(
      JSON.stringify(withContainer({ ports: [{ containerPort: 0 }, { containerPort: 70000 }] })),
    );
    const request = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      namespace: "default",
      name: "web",
      manager: "test",
      body: object,
    } as const;
    const result = writeObject(undefined, { ...request, verb: "create" }, { time: "2026-01-31T12:00:00Z" });
    const causes = result.kind === "refused" ? (result.status.details?.causes ?? []) : [];
    expect(causes.map(({ field, message }) => `${field}: ${message}`)).toEqual(
      checkObject(object).map(({ path, message }) => `${path}: ${message}`),
    );
    expect(isJsonObject(object)).toBe(true);
  });
});
