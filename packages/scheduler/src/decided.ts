import type {
  Certainty,
  Decision,
  Gated,
  NodeRefusal,
  NodeScores,
  Placed,
  Preempts,
  Unschedulable,
} from "./decision.ts";
import type { Outcome, SchedulerCore } from "./framework/core.ts";
import { explainNodes, type NodeExplanation } from "./explanation.ts";
import type { History } from "./history.ts";
import type { Pod } from "@berth/objects";

/** Makes the public decision of an outcome; what costs time is worked out when it is read. */
export function decisionOf(outcome: Outcome, pod: Pod, history: History): Decision {
  switch (outcome.kind) {
    case "gated":
      return gated(outcome.gates);
    case "fits":
      return new PlacedDecision(outcome, pod, history);
    case "unschedulable":
      return new UnschedulableDecision(outcome.message, pod, history);
    case "preempts":
      return new PreemptsDecision(outcome, pod, history);
  }
}

function gated(gates: readonly string[]): Gated {
  return { kind: "gated", gates, message: `waiting for scheduling gates: [${gates.join(" ")}]` };
}

/** Works something out once, in the cluster as it was when the decision was made. */
class Moment {
  readonly #history: History;
  readonly #moment: number;

  constructor(history: History) {
    this.#history = history;
    this.#moment = history.now;
  }

  recall<T>(work: (core: SchedulerCore) => T): T {
    return work(this.#history.at(this.#moment));
  }
}

export class PlacedDecision implements Placed {
  readonly kind = "placed";
  readonly node: string;
  readonly feasible: number;
  readonly tied: number;
  readonly total: number | undefined;
  readonly runnerUp: number | undefined;
  readonly #pod: Pod;
  readonly #moment: Moment;
  readonly #dependsOnImages: boolean;
  #certainty: Certainty | undefined;
  #best: readonly string[] | undefined;
  #scores: ReadonlyMap<string, NodeScores> | undefined;
  #nodes: readonly NodeExplanation[] | undefined;

  constructor(outcome: Extract<Outcome, { kind: "fits" }>, pod: Pod, history: History) {
    this.node = history.live.cluster.nodes[outcome.node]!.name;
    this.feasible = outcome.feasible;
    this.tied = outcome.tied;
    this.total = outcome.totals?.best;
    this.runnerUp = outcome.totals?.next;
    this.#dependsOnImages = outcome.readsImages;
    this.#pod = pod;
    this.#moment = new Moment(history);
  }

  get certainty(): Certainty {
    if (this.feasible === 1) return (this.#certainty ??= "forced");
    return (this.#certainty ??=
      this.#dependsOnImages && this.#moment.recall((core) => core.isImageSensitive(this.#pod))
        ? "image-sensitive"
        : this.tied > 1
          ? "tied"
          : "unique");
  }

  /** Another order of the same pods places it elsewhere. */
  becomeOrderSensitive(): void {
    this.#certainty = "order-sensitive";
  }

  get best(): readonly string[] {
    if (this.tied === 1) return [this.node];
    return (this.#best ??= this.#moment.recall((core) => core.best(this.#pod)));
  }

  get scores(): ReadonlyMap<string, NodeScores> {
    if (this.feasible === 1) return new Map();
    return (this.#scores ??= this.#moment.recall((core) => core.scores(this.#pod)));
  }

  get nodes(): readonly NodeExplanation[] {
    return (this.#nodes ??= this.#moment.recall((core) => explainNodes(core, this.#pod)));
  }
}

class UnschedulableDecision implements Unschedulable {
  readonly kind = "unschedulable";
  readonly message: string;
  readonly #pod: Pod;
  readonly #moment: Moment;
  #reasons: readonly NodeRefusal[] | undefined;
  #nodes: readonly NodeExplanation[] | undefined;

  constructor(message: string, pod: Pod, history: History) {
    this.message = message;
    this.#pod = pod;
    this.#moment = new Moment(history);
  }

  get reasons(): readonly NodeRefusal[] {
    return (this.#reasons ??= this.#moment.recall((core) => core.refusals(this.#pod)));
  }

  get nodes(): readonly NodeExplanation[] {
    return (this.#nodes ??= this.#moment.recall((core) => explainNodes(core, this.#pod)));
  }
}

class PreemptsDecision implements Preempts {
  readonly kind = "preempts";
  readonly node: string;
  readonly victims: readonly Pod[];
  readonly #pod: Pod;
  readonly #moment: Moment;
  #reasons: readonly NodeRefusal[] | undefined;
  #nodes: readonly NodeExplanation[] | undefined;
  #candidates: Preempts["candidates"] | undefined;
  #message: string | undefined;

  constructor(outcome: Extract<Outcome, { kind: "preempts" }>, pod: Pod, history: History) {
    const { nodes } = history.live.cluster;
    this.node = nodes[outcome.candidate.node]!.name;
    this.victims = outcome.candidate.victims.map((each) => each.pod);
    this.#pod = pod;
    this.#moment = new Moment(history);
  }

  get message(): string {
    return (this.#message ??= this.#moment.recall((core) => core.firstMessage(this.#pod)));
  }

  get candidates(): Preempts["candidates"] {
    return (this.#candidates ??= this.#moment.recall((core) =>
      core.candidates(this.#pod).map(({ node, victims }) => ({
        node: core.cluster.nodes[node]!.name,
        victims: victims.map((each) => each.pod),
      })),
    ));
  }

  get reasons(): readonly NodeRefusal[] {
    return (this.#reasons ??= this.#moment.recall((core) => core.refusals(this.#pod)));
  }

  get nodes(): readonly NodeExplanation[] {
    return (this.#nodes ??= this.#moment.recall((core) => explainNodes(core, this.#pod)));
  }
}
