import fc from "fast-check";
import type { JsonObject } from "../json.ts";

const name = fc.constantFrom("a", "b", "c");
const text = fc.constantFrom("1", "2", "3");
const labels = fc.dictionary(fc.constantFrom("x", "y", "app"), text, { maxKeys: 3 });

function keyed<T extends object>(element: fc.Arbitrary<T>, key: (value: T) => unknown): fc.Arbitrary<T[]> {
  return fc.uniqueArray(element, { selector: key, maxLength: 3 });
}

const container = fc.record(
  {
    name,
    image: text,
    args: fc.array(text, { maxLength: 2 }),
    env: keyed(fc.record({ name, value: text }), (each) => each.name),
    ports: keyed(
      fc.record(
        { containerPort: fc.constantFrom(80, 443), protocol: fc.constantFrom("TCP", "UDP"), name },
        { requiredKeys: ["containerPort"] },
      ),
      (each) => `${each.containerPort}/${each.protocol ?? "TCP"}`,
    ),
    resources: fc.record(
      { requests: fc.dictionary(fc.constantFrom("cpu", "memory"), fc.constantFrom("1", "1000m", "0.5", 2)) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["name", "image"] },
);

/** Specs of deployments as somebody might apply them: any part may be missing, nothing is twice. */
export const deploymentSpecs: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      replicas: fc.integer({ min: 0, max: 3 }),
      paused: fc.boolean(),
      template: fc.record(
        {
          metadata: fc.record({ labels }, { requiredKeys: [] }),
          spec: fc.record(
            {
              containers: keyed(container, (each) => each.name),
              nodeSelector: labels,
              tolerations: fc.array(fc.record({ key: name }), { maxLength: 2 }),
            },
            { requiredKeys: [] },
          ),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  )
  .map((spec): JsonObject => JSON.parse(JSON.stringify(spec)));

/** Deployments with such a spec, labels, annotations and finalizers. */
export const deployments: fc.Arbitrary<JsonObject> = fc
  .tuple(deploymentSpecs, labels, labels, fc.uniqueArray(fc.constantFrom("a.b/c", "a.b/d"), { maxLength: 2 }))
  .map(([spec, ownLabels, annotations, finalizers]) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", labels: ownLabels, annotations, finalizers },
    spec,
  }));
