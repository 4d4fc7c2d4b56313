import type { Action } from "@berth/planner";
import { type Span, span, type Tone } from "./document.ts";

const signs: Readonly<Record<Action, readonly [sign: string, tone: Tone, word: string]>> = {
  create: ["+", "create", "create"],
  update: ["~", "update", "update"],
  replace: ["±", "replace", "replace"],
  delete: ["-", "delete", "delete"],
  read: ["<", "quiet", "read"],
  import: [">", "create", "import"],
  forget: ["x", "delete", "forget"],
  move: ["»", "update", "move"],
  "no-op": [" ", "quiet", "keep"],
};

/** The sign in front of a change: `+`, `~`, `±`, `-`. Shape and colour both carry the meaning. */
export function signOf(action: Action): Span {
  const [sign, tone] = signs[action];
  return span(sign, tone);
}

export function toneOf(action: Action): Tone {
  return signs[action][1];
}

export function wordOf(action: Action): string {
  return signs[action][2];
}
