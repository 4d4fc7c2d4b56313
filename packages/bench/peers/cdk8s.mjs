/**
 * Declares Kubernetes objects with cdk8s and synthesises their YAML: `cdk8s.mjs FOLDER COUNT`.
 * Prints milliseconds as JSON.
 */
import { ApiObject, App, Chart } from "cdk8s";
import { timePhases } from "./run.mjs";

const [folder, count] = process.argv.slice(2);

/** Five properties, and every tenth depends on the one before it. */
function program() {
  const app = new App({ outdir: folder });
  const chart = new Chart(app, "bench");
  let before;
  for (let i = 0; i < Number(count); i++) {
    const object = new ApiObject(chart, `item${i}`, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `item${i}`, labels: { team: "a" } },
      data: { label: `item ${i}`, size: String(i), enabled: "true", zones: "1,2" },
    });
    if (i % 10 === 9) object.addDependency(before);
    before = object;
  }
  app.synth();
}

await timePhases({ warm: { rounds: 1, run: program }, synth: { run: program } }, 5);
