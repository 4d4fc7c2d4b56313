import { expect, test } from "vitest";
import { forbiddenVersions } from "./version-change.ts";

const waiting = { $berth: "unknown", producers: ["x.y"] };

test.each([
  ["1.36", "1.35", false, ["Kubernetes cannot go back from 1.36 to 1.35"]],
  ["1.36.2", "1.36.1", false, ["Kubernetes cannot go back from 1.36.2 to 1.36.1"]],
  ["1.36.2", "1.9", false, ["Kubernetes cannot go back from 1.36.2 to 1.9"]],
  ["1.36.2", "1.36", false, []],
  ["1.36", "1.36.0", false, []],
  ["1.35.4", "1.36.1", false, []],
  ["1.34", "1.36", false, ["Kubernetes goes from 1.34 to 1.35 before it goes to 1.36"]],
  ["1.34", "1.36", true, []],
  ["1.36", "1.35", true, ["Kubernetes cannot go back from 1.36 to 1.35"]],
  ["1.36", waiting, false, []],
])("from %j to %j (skips: %j)", (from, to, skips, messages) => {
  const found = forbiddenVersions({ kubernetesVersion: from }, { kubernetesVersion: to }, { skips });
  expect(found.map(({ message }) => message)).toEqual(messages);
});
