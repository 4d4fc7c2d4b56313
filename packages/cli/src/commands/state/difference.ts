import { type StateDifference, typedName } from "@berth/automation";
import { inert } from "@berth/report";
import type { Terminal } from "../../terminal.ts";

const words = {
  outputs: "the stack's outputs",
  pending: "interrupted operations",
  superseded: "what waits for its deletion after a replacement",
  secretsKey: "which key the secrets are encrypted with",
} as const;

/** Says what would be recorded otherwise, a line for each resource. */
export function sayDifference(difference: StateDifference, terminal: Terminal): void {
  const lines = [
    ...difference.added.map((urn) => `+ ${typedName(urn)}`),
    ...difference.changed.map((urn) => `~ ${typedName(urn)}`),
    ...difference.removed.map((urn) => `- ${typedName(urn)}  (forgotten; it stays where it is)`),
    ...difference.others.map((part) => `~ ${words[part]}`),
  ];
  terminal.say(`What is recorded would change:\n${lines.map((line) => `  ${inert(line)}\n`).join("")}`);
}
