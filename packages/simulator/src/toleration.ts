import type { PodSpec, Taint, Toleration } from "@berth/objects";

/** Whether a pod with these tolerations may be on a node with this taint. */
export function tolerates(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  return (tolerations ?? []).some(
    (each) =>
      (!each.effect || each.effect === taint.effect) &&
      (each.key ? each.key === taint.key : each.operator === "Exists") &&
      (each.operator === "Exists" || (each.value ?? "") === (taint.value ?? "")),
  );
}

/** The pod's spec with these tolerations added, those left out that it has for the same key and effect. */
export function withTolerations(spec: PodSpec, added: readonly Toleration[]): PodSpec {
  const present = spec.tolerations ?? [];
  const missing = added.filter((each) => !present.some((other) => covers(other, each)));
  return missing.length > 0 ? { ...spec, tolerations: [...present, ...missing] } : spec;
}

function covers(present: Toleration, added: Toleration): boolean {
  return (!present.key || present.key === added.key) && (!present.effect || present.effect === added.effect);
}
