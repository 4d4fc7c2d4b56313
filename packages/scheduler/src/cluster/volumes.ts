import {
  type CSINode,
  type KubernetesObject,
  type Labels,
  matchesLabels,
  type Node,
  nodeTermMatcher,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type StorageClass,
  type VolumeAttachment,
  wholeUnits,
} from "@berth/objects";
import { valueOf } from "./selector.ts";

/** What is known of a claim that a pod mounts. */
export type Claim =
  /** No such claim is among the objects. */
  | { readonly kind: "missing"; readonly name: string; readonly ephemeral: boolean }
  /** It cannot be used: lost, or on its way out. */
  | { readonly kind: "unusable"; readonly reason: string }
  | {
      readonly kind: "bound";
      readonly claim: PersistentVolumeClaim;
      readonly volume: PersistentVolume | undefined;
    }
  /** It gets a volume when a pod that uses it is placed. */
  | { readonly kind: "waits"; readonly claim: PersistentVolumeClaim; readonly storageClass: StorageClass }
  /** It should have been bound by now, and no pod is placed before it is. */
  | { readonly kind: "unbound"; readonly claim: PersistentVolumeClaim; readonly storageClass: StorageClass }
  /** Its storage class is not among the objects, so nothing can be said. */
  | { readonly kind: "unknown"; readonly claim: PersistentVolumeClaim };

/** Storage objects by kind and name. */
export class Volumes {
  readonly #claims = new Map<string, PersistentVolumeClaim>();
  readonly #volumes = new Map<string, PersistentVolume>();
  readonly #classes = new Map<string, StorageClass>();
  readonly #csiNodes = new Map<string, CSINode>();
  readonly #attachments = new Map<string, VolumeAttachment>();

  static reads(kind: string): boolean {
    return [
      "PersistentVolumeClaim",
      "PersistentVolume",
      "StorageClass",
      "CSINode",
      "VolumeAttachment",
    ].includes(kind);
  }

  put(object: KubernetesObject): void {
    const name = object.metadata?.name ?? "";
    if (isKind<PersistentVolumeClaim>(object, "PersistentVolumeClaim"))
      this.#claims.set(claimKey(object), object);
    else if (isKind<PersistentVolume>(object, "PersistentVolume")) this.#volumes.set(name, object);
    else if (isKind<StorageClass>(object, "StorageClass")) this.#classes.set(name, object);
    else if (isKind<CSINode>(object, "CSINode")) this.#csiNodes.set(name, object);
    else if (isKind<VolumeAttachment>(object, "VolumeAttachment")) this.#attachments.set(name, object);
  }

  remove(object: KubernetesObject): void {
    const name = object.metadata?.name ?? "";
    if (object.kind === "PersistentVolumeClaim") this.#claims.delete(claimKey(object));
    else if (object.kind === "PersistentVolume") this.#volumes.delete(name);
    else if (object.kind === "StorageClass") this.#classes.delete(name);
    else if (object.kind === "CSINode") this.#csiNodes.delete(name);
    else if (object.kind === "VolumeAttachment") this.#attachments.delete(name);
  }

  claim(namespace: string, name: string, ephemeral: boolean): Claim {
    const claim = this.#claims.get(`${namespace}/${name}`);
    if (claim === undefined) return { kind: "missing", name, ephemeral };
    const volumeName = claim.spec?.volumeName;
    if (claim.status?.phase === "Lost") {
      return {
        kind: "unusable",
        reason: `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${volumeName ?? ""}"`,
      };
    }
    if (claim.metadata?.deletionTimestamp != null) {
      return { kind: "unusable", reason: `persistentvolumeclaim "${name}" is being deleted` };
    }
    if (volumeName && isBound(claim)) return { kind: "bound", claim, volume: this.#volumes.get(volumeName) };
    const storageClass = this.#classOf(claim);
    if (storageClass === undefined) return { kind: "unknown", claim };
    const waits = storageClass.volumeBindingMode === "WaitForFirstConsumer";
    return { kind: waits ? "waits" : "unbound", claim, storageClass };
  }

  /** Volumes that no claim has and that this one could take, wherever they are. */
  availableFor({ spec }: PersistentVolumeClaim): readonly PersistentVolume[] {
    const size = wholeUnits(spec?.resources?.requests?.["storage"] ?? 0);
    return [...this.#volumes.values()].filter(
      (volume) =>
        volume.spec?.claimRef === undefined &&
        volume.metadata?.deletionTimestamp == null &&
        (volume.spec?.storageClassName ?? "") === (spec?.storageClassName ?? "") &&
        (volume.spec?.volumeMode ?? "Filesystem") === (spec?.volumeMode ?? "Filesystem") &&
        wholeUnits(volume.spec?.capacity?.["storage"] ?? 0) >= size &&
        (spec?.accessModes ?? []).every((mode) => volume.spec?.accessModes?.includes(mode)) &&
        (spec?.selector === undefined || matchesLabels(spec.selector, volume.metadata?.labels)),
    );
  }

  csiNode(name: string): CSINode | undefined {
    return this.#csiNodes.get(name);
  }

  /** Driver and handle of the volumes that are attached to a node, whoever uses them. */
  attachedTo(node: string): readonly VolumeIdentity[] {
    return [...this.#attachments.values()]
      .filter(({ spec }) => spec?.nodeName === node)
      .flatMap(({ spec }) => {
        const volume = this.#volumes.get(spec?.source?.persistentVolumeName ?? "");
        return volume === undefined ? [] : identityOf(volume);
      });
  }

  #classOf({ spec }: PersistentVolumeClaim): StorageClass | undefined {
    if (spec?.storageClassName !== undefined) return this.#classes.get(spec.storageClassName);
    return [...this.#classes.values()].find(
      ({ metadata }) => metadata?.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true",
    );
  }
}

/** A CSI volume, unique in the cluster. */
export interface VolumeIdentity {
  readonly driver: string;
  readonly handle: string;
}

export function identityOf({ spec }: PersistentVolume): VolumeIdentity[] {
  const csi = spec?.csi;
  return csi === undefined ? [] : [{ driver: csi.driver, handle: csi.volumeHandle }];
}

/** Whether a volume can be reached from a node. */
export function reaches({ spec }: PersistentVolume, node: Node): boolean {
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms;
  return terms === undefined || terms.some((term) => nodeTermMatcher(term)(node));
}

/** Whether volumes of a class are made when they are needed. */
export function isDynamic({ provisioner }: StorageClass): boolean {
  return provisioner !== "kubernetes.io/no-provisioner";
}

/** Whether volumes of a class can be made for a node with these labels. */
export function provisions({ allowedTopologies = [] }: StorageClass, labels: Labels): boolean {
  if (allowedTopologies.length === 0) return true;
  return allowedTopologies.some(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.every(({ key, values }) => values.includes(valueOf(labels, key) ?? "")),
  );
}

function isBound({ metadata, status }: PersistentVolumeClaim): boolean {
  return (
    status?.phase === "Bound" || metadata?.annotations?.["pv.kubernetes.io/bind-completed"] !== undefined
  );
}

function claimKey({ metadata }: KubernetesObject): string {
  return `${metadata?.namespace ?? "default"}/${metadata?.name ?? ""}`;
}

function isKind<T extends KubernetesObject>(object: KubernetesObject, kind: string): object is T {
  return object.kind === kind;
}
