import type { EngineEvent } from "@berth/automation";
import { inert } from "@berth/report";
import type { Terminal } from "./terminal.ts";

type StepEvent = Extract<EngineEvent, { readonly step: number }>;

const verbs = {
  create: ["creating", "created", "create"],
  update: ["updating", "updated", "update"],
  delete: ["deleting", "deleted", "delete"],
  read: ["reading", "read", "create"],
  import: ["importing", "imported", "create"],
  forget: ["forgetting", "forgotten", "delete"],
} as const;

/**
 * An operation while it runs: a line for each step that ended, and, where somebody watches, a last
 * line that says what is running. In CI only the lines.
 */
export class Progress {
  readonly #terminal: Terminal;
  readonly #running = new Map<number, StepEvent>();
  #total = 0;
  #ended = 0;
  #statusShown = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  tell(event: EngineEvent): void {
    switch (event.kind) {
      case "settled":
        return this.#line(
          `  settled an interrupted ${event.action} of ${subject(event.urn)}: ${event.outcome}`,
        );
      case "applying":
        this.#total = event.steps;
        return;
      case "step-started":
      case "step-progress":
        this.#running.set(event.step, event);
        return this.#status();
      case "step-succeeded":
        return this.#finish(event, event.outcome === "unchanged" ? "unchanged" : verbs[event.action][1]);
      case "step-failed":
        return this.#finish(event, "failed");
      default:
        return;
    }
  }

  /** Takes the status line away. Calling it again does nothing. */
  end(): void {
    if (this.#statusShown) this.#terminal.say("\r\u001b[K");
    this.#statusShown = false;
  }

  #finish(event: StepEvent, word: string): void {
    this.#running.delete(event.step);
    this.#ended++;
    const { tones } = this.#terminal.sayPalette;
    const failed = word === "failed";
    const mark = failed ? tones.danger("✗") : tones[verbs[event.action][2]]("✓");
    const width = String(this.#total).length;
    const count = tones.quiet(`${String(this.#ended).padStart(width)}/${this.#total}`);
    this.#line(
      `  ${mark} ${count} ${inert(event.type)} ${tones.name(inert(event.name))} ${failed ? tones.danger(word) : word}`,
    );
    this.#status();
  }

  #line(text: string): void {
    this.end();
    this.#terminal.say(`${text}\n`);
  }

  #status(): void {
    if (!this.#terminal.live || this.#running.size === 0) return;
    const [first] = this.#running.values();
    if (!first) return;
    const more = this.#running.size > 1 ? ` and ${this.#running.size - 1} more` : "";
    const detail = first.kind === "step-progress" ? `: ${inert(first.message)}` : "";
    const text = `  … ${verbs[first.action][0]} ${inert(first.name)}${more}${detail}`;
    this.#terminal.say(
      `\r\u001b[K${this.#terminal.sayPalette.tones.quiet(text.slice(0, this.#terminal.sayWidth - 2))}`,
    );
    this.#statusShown = true;
  }
}

function subject(urn: string): string {
  return inert(urn.split("::").slice(1).join(" "));
}
