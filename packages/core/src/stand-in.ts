import { createHash } from "node:crypto";
import type { Secret } from "./json.ts";
import { revealSecrets } from "./value.ts";

/**
 * Text that stands for a secret where plain JSON is needed, as in facets: equal for equal secrets, so
 * that a changed secret can be told from one that did not change. It must not be shown, since whoever
 * guesses the secret could check his guess: {@link hideStandIns} takes it out of what is.
 *
 * @example standInFor(new Secret("a")) === standInFor(new Secret("a")) // true
 */
export function standInFor(secret: Secret): string {
  const digest = createHash("sha256")
    .update(JSON.stringify(revealSecrets(secret)))
    .digest("hex");
  return `[secret ${digest}]`;
}

const standIn = /\[secret [0-9a-f]{64}\]/g;

/**
 * The text with `[secret]` in place of every {@link standInFor}.
 *
 * @example hideStandIns(`password: ${standInFor(new Secret("hunter2"))}`) // "password: [secret]"
 */
export function hideStandIns(text: string): string {
  return text.includes("[secret ") ? text.replace(standIn, "[secret]") : text;
}
