import {
  amend,
  Component,
  ComponentType,
  type Draft,
  Input,
  type Output,
  type ResourceOptions,
} from "@berth/core";
import { BerthError, problem } from "@berth/diagnostics";
import type { ObjectMeta } from "@berth/objects";
import { codes } from "../codes.ts";
import { Deployment, type DeploymentSpec } from "../resources/deployment.ts";
import { anyObject, optional } from "../resources/schemas.ts";
import { Service } from "../resources/service.ts";
import type { ContainerPort, ExposeOptions, SpreadOptions, WorkloadInputs } from "./inputs.ts";
import { deploymentOf, onlyPort, serviceOf, spreadOf, topologyKeyOf } from "./manifests.ts";

/** The plain deployment while it may still be changed. */
export interface DeploymentDraft {
  metadata: Draft<ObjectMeta>;
  spec: Draft<DeploymentSpec>;
}

const list = { type: "array" } as const;

/**
 * A deployment and the service in front of it, by what is wanted of them. Each verb is an ordinary method over the
 * plain kinds; {@link Workload.transform} reaches the rest.
 *
 * @example
 * new k8s.Workload("web", { image: "nginx:1.29", replicas: 3, ports: [{ containerPort: 80 }] })
 *   .spreadAcross("zone")
 *   .exposePublicly({ port: 80 });
 */
@ComponentType("kubernetes:Workload", { opaque: true })
export class Workload extends Component<WorkloadInputs> {
  @Input({ type: "string", minLength: 1 }) declare readonly image: Input<string>;
  @Input({ type: "integer", minimum: 0 }, optional) declare readonly replicas: Input<number>;
  @Input({ type: "string" }, optional) declare readonly namespace: WorkloadInputs["namespace"];
  @Input(list, optional) declare readonly ports: readonly ContainerPort[] | undefined;
  @Input(anyObject, optional) declare readonly env: WorkloadInputs["env"];
  @Input(list, optional) declare readonly command: WorkloadInputs["command"];
  @Input(list, optional) declare readonly args: WorkloadInputs["args"];
  @Input(anyObject, optional) declare readonly resources: WorkloadInputs["resources"];
  @Input(anyObject, optional) declare readonly startupProbe: WorkloadInputs["startupProbe"];
  @Input(anyObject, optional) declare readonly readinessProbe: WorkloadInputs["readinessProbe"];
  @Input(anyObject, optional) declare readonly livenessProbe: WorkloadInputs["livenessProbe"];
  @Input(list, optional) declare readonly initContainers: WorkloadInputs["initContainers"];
  @Input(anyObject, optional) declare readonly nodeSelector: WorkloadInputs["nodeSelector"];
  @Input(list, optional) declare readonly tolerations: WorkloadInputs["tolerations"];

  /** The plain deployment. */
  readonly deployment: Deployment;
  readonly #name: string;
  #service: Service | undefined;

  constructor(name: string, inputs: WorkloadInputs, options?: ResourceOptions) {
    super(name, inputs, options);
    this.#name = name;
    this.deployment = new Deployment(name, deploymentOf(name, inputs), { parent: this });
  }

  /** The service in front of it. @throws BERTH5108 where it is not exposed */
  get service(): Service {
    if (this.#service) return this.#service;
    const message = `the workload "${this.#name}" has no service`;
    throw new BerthError([
      problem(codes.BERTH5108, { message, hint: "call exposeInternally or exposePublicly first" }),
    ]);
  }

  /** The public address; known once the load balancer is made. @throws BERTH5108 where it is not exposed */
  get address(): Output<string> {
    return this.service.status.loadBalancer.ingress[0]!.ip as Output<string>;
  }

  /** Reachable inside the cluster, under the workload's name. */
  exposeInternally(options: ExposeOptions): this {
    return this.#expose("ClusterIP", options);
  }

  /** Reachable from everywhere, through the cloud's load balancer. */
  exposePublicly(options: ExposeOptions): this {
    return this.#expose("LoadBalancer", options);
  }

  /**
   * Keeps pods apart: at most one more in one zone (or node, or value of the label) than in another.
   *
   * @param place `zone`, `node`, or the key of a node label
   */
  spreadAcross(place: "zone" | "node" | (string & {}), { strict = true }: SpreadOptions = {}): this {
    const topologyKey = topologyKeyOf(place);
    const spread = spreadOf(this.#name, topologyKey, strict);
    return this.transform((deployment) => {
      const pod = (deployment.spec.template.spec ??= { containers: [] });
      pod.topologySpreadConstraints = [...(pod.topologySpreadConstraints ?? []), spread];
    });
  }

  /**
   * Changes the plain deployment before it is planned; the draft may be changed in place.
   *
   * @example web.transform((deployment) => { deployment.spec.revisionHistoryLimit = 2; });
   */
  transform(recipe: (deployment: DeploymentDraft) => void): this {
    amend(this.deployment, recipe as (inputs: object) => void);
    return this;
  }

  #expose(type: "ClusterIP" | "LoadBalancer", options: ExposeOptions): this {
    const targetPort = options.targetPort ?? onlyPort(this.ports);
    if (this.#service || targetPort === undefined) {
      const message = this.#service
        ? `the workload "${this.#name}" is exposed already`
        : `the workload "${this.#name}" has ${this.ports?.length ?? 0} ports; which is meant is not clear`;
      const hint = this.#service ? "add a service of your own for another address" : "say targetPort";
      throw new BerthError([problem(codes.BERTH5109, { message, hint })]);
    }
    const service = serviceOf(this.#name, type, { ...options, targetPort }, this.namespace);
    this.#service = new Service(this.#name, service, { parent: this });
    return this;
  }
}
