import type { Alias, DeclaredAlias } from "./alias.ts";
import type { Component } from "./component.ts";
import type { Declaration, Hole, ResourceDeclaration } from "./declaration.ts";
import type { ResolvedHooks, ResourceHooks } from "./hook.ts";
import type { Urn } from "./json.ts";
import type { PathPattern } from "./path-pattern.ts";
import type { Resource } from "./resource.ts";
import type { DeclaredTransform, Transform } from "./transform.ts";

/**
 * Options of resources and components: the third argument. Each has its row in the table of
 * `option-table.ts`, which says how it is checked and what children inherit.
 */
export interface ResourceOptions {
  /**
   * The component (or resource) that it belongs to: part of its identity, and its options are inherited.
   *
   * @example new Deployment("front", { … }, { parent: this })
   */
  readonly parent?: Resource | Component;
  /**
   * What must exist before it, beyond what its inputs say. A component stands for all its resources. Children inherit it.
   *
   * @example new Job("migrate", { … }, { dependsOn: database })
   */
  readonly dependsOn?: Resource | Component | readonly (Resource | Component)[];
  /**
   * Deleting or replacing it is refused. Children inherit it, and may say `false`.
   *
   * @example new Database("orders", { size: 10 }, { protect: true })
   */
  readonly protect?: boolean;
  /**
   * Explicit provider, or several for a component with resources of several. Children of the same provider inherit it.
   *
   * @example new ResourceGroup("store", { location: "westeurope" }, { provider: production })
   */
  readonly provider?: Resource | readonly Resource[];
  /**
   * The Kubernetes cluster that it lives on. Children inherit it. Where nothing is said, the stack's only one.
   *
   * @example new Deployment("front", { … }, { cluster: west })
   */
  readonly cluster?: Resource;
  /**
   * Codes of warnings and checks that the author has looked at and wants silenced. Children inherit them.
   *
   * @example new Service("metrics", { … }, { silence: ["BERTH3103"] })
   */
  readonly silence?: readonly string[];
  /**
   * Paths of properties whose changes in the program are not applied: they keep what is recorded, because something
   * else changes them. Written as plans print them; `[*]` and `.*` stand for every element and every property. A
   * resource that is created gets what the program says. Drift shows all the same. Children inherit them.
   *
   * @example new Deployment("front", { … }, { ignoreChanges: ["spec.replicas", "metadata.annotations.*"] })
   */
  readonly ignoreChanges?: readonly string[];
  /**
   * Paths of properties whose changes replace the resource although they could be updated; `*` is any. Children inherit them.
   *
   * @example new VirtualMachine("runner", { … }, { replaceOnChanges: ["userData"] })
   */
  readonly replaceOnChanges?: readonly string[];
  /**
   * The resource is replaced whenever this value is another than at the last operation. It may be or hold outputs;
   * what they come from is a dependency then. Children inherit it.
   *
   * @example new VirtualMachine("runner", { … }, { replacementTrigger: [image.id, config.require("generation")] })
   */
  readonly replacementTrigger?: unknown;
  /**
   * In a replacement: `true` deletes the old one first, `false` creates the new one first, or refuses where the two
   * cannot stand side by side. Where nothing is said, the new one comes first if it has another physical name.
   * Children inherit it.
   *
   * @example new Certificate("tls", { … }, { deleteBeforeReplace: true })
   */
  readonly deleteBeforeReplace?: boolean;
  /**
   * What it was called before, the most likely first: what is recorded under such a name is this resource. A text is an
   * earlier name. A component's aliases count for everything inside it. See also {@link moved}.
   *
   * @example new Deployment("front", { … }, { aliases: ["web", { name: "web", parent: null }] })
   */
  readonly aliases?: readonly (string | Alias)[];
  /**
   * Physical id of what exists already and is to be taken into the stack instead of being created. It must be as the
   * program says. Once it is recorded the option says nothing more, and may go. Components cannot have it.
   *
   * @example new ResourceGroup("store", { location: "westeurope" }, { import: "/subscriptions/…/resourceGroups/store" })
   */
  readonly import?: string;
  /**
   * Whether a create takes over what exists already under the same identity, and changes it to what the program says,
   * instead of refusing. Components cannot have it.
   *
   * @example new Namespace("kube-system", { … }, { adopt: true, retainOnDelete: true })
   */
  readonly adopt?: boolean;
  /**
   * When it goes from the program, or with `berth destroy`, it is forgotten and stays where it is. Children inherit it,
   * and may say `false`.
   *
   * @example new PersistentVolumeClaim("orders", { … }, { retainOnDelete: true })
   */
  readonly retainOnDelete?: boolean;
  /**
   * It disappears with that resource: no request deletes it where that one is deleted in the same operation. Children inherit it.
   *
   * @example new Subnet("nodes", { … }, { deletedWith: resourceGroup })
   */
  readonly deletedWith?: Resource;
  /**
   * How long operations on it may take: seconds, or text such as `"90s"`, `"10m"`, `"1h30m"`. What takes longer has
   * failed, and what became of it is found out as after a lost answer. Children inherit them, each by itself.
   *
   * @example new Cluster("store", { … }, { customTimeouts: { create: "45m", delete: 1800 } })
   */
  readonly customTimeouts?: CustomTimeouts;
  /**
   * Names of outputs that are secret besides those that the type says. Children that have such an output inherit it.
   *
   * @example new Database("orders", { size: 10 }, { additionalSecretOutputs: ["host"] })
   */
  readonly additionalSecretOutputs?: readonly string[];
  /**
   * Functions that see the resource when it is declared, and may change its inputs and options: its own first, then
   * those of what encloses it, from the inside out, then the stack's ({@link stackTransform}). On a component they see
   * every resource inside. They do not see what is only read, which has no inputs.
   *
   * @example
   * new Store("store", {}, {
   *   transforms: [({ type, inputs }) =>
   *     type === "azure:NodePool" ? { inputs: { ...inputs, tags: { team: "web" } } } : undefined],
   * });
   */
  readonly transforms?: Transform | readonly Transform[];
  /**
   * Functions that the engine calls around what it does with the resource, never in a preview. On a component they are
   * called for every resource inside. They are not called for what is only forgotten, since it is retained or goes with
   * another resource, nor for what is imported.
   *
   * @example new Deployment("front", { … }, { hooks: { afterUpdate: ({ name }) => warmUp(name), beforeDelete: hook("drain", drain) } })
   */
  readonly hooks?: ResourceHooks;
}

/** How long operations may take: seconds, or text such as `"10m"`. */
export interface CustomTimeouts {
  readonly create?: number | string;
  readonly update?: number | string;
  readonly delete?: number | string;
  readonly read?: number | string;
}

/** Options of a declaration, with what is inherited. */
export interface DeclaredOptions {
  readonly parent: Declaration | undefined;
  readonly dependsOn: readonly Declaration[];
  readonly protect: boolean;
  readonly provider: readonly ResourceDeclaration[];
  readonly cluster: ResourceDeclaration | undefined;
  readonly silence: readonly string[];
  readonly ignoreChanges: readonly PathPattern[];
  readonly replaceOnChanges: readonly PathPattern[];
  readonly replacementTrigger: DeclaredValue | undefined;
  readonly deleteBeforeReplace: boolean | undefined;
  readonly aliases: readonly DeclaredAlias[];
  readonly import: string | undefined;
  readonly adopt: boolean;
  readonly retainOnDelete: boolean;
  readonly deletedWith: ResourceDeclaration | undefined;
  readonly customTimeouts: Timeouts | undefined;
  readonly additionalSecretOutputs: readonly string[];
  readonly transforms: readonly DeclaredTransform[];
  readonly hooks: ResolvedHooks | undefined;
}

/** A value beside the inputs, as the program gave it: what replaces a resource when it changes, the id of what is read. */
export interface DeclaredValue {
  readonly value: unknown;
  readonly holes: readonly Hole[];
}

/** Options of a resource in the sealed graph: resolved, inherited, complete. */
export interface ResolvedOptions {
  /** Deleting or replacing it is refused. */
  readonly protect: boolean;
  /** Explicit provider instance (URN of a provider resource); the default one where absent. */
  readonly provider?: Urn;
  /** Codes of warnings and checks that the author has looked at and wants silenced on this resource. Sorted. */
  readonly silence: readonly string[];
  /** Property paths (`tags.owner`, `spec.ports[*].nodePort`) whose changes in the program are not applied: they stay as recorded. */
  readonly ignoreChanges?: readonly string[];
  /** Property paths whose changes replace the resource; `*`: any. */
  readonly replaceOnChanges?: readonly string[];
  /** Replaced whenever this value is another than at the last operation. May be or hold outputs. */
  readonly replacementTrigger?: unknown;
  /** `true`: in a replacement the old one is deleted first, `false`: never. Absent: where the two could not stand side by side. */
  readonly deleteBeforeReplace?: boolean;
  /** URNs that it had before, the most likely first: what is recorded under one of them is this resource. */
  readonly aliases?: readonly Urn[];
  /** Physical id of what exists already and is to be taken into the stack instead of being created. */
  readonly import?: string;
  /** Whether what exists already under its identity is taken over by the create, and changed to what the program says. */
  readonly adopt?: true;
  /** When it goes from the program, it is forgotten and stays where it is. */
  readonly retainOnDelete?: true;
  /** It goes with that resource: no request deletes it where that one is deleted in the same operation. */
  readonly deletedWith?: Urn;
  readonly customTimeouts?: Timeouts;
  /** Names of outputs that are secret besides those of the type. Sorted. */
  readonly additionalSecretOutputs?: readonly string[];
  /** What the engine calls around what it does with the resource. */
  readonly hooks?: ResolvedHooks;
}

/** How long an operation on a resource may take, in seconds. */
export type Timeouts = {
  readonly create?: number;
  readonly update?: number;
  readonly delete?: number;
  readonly read?: number;
};
