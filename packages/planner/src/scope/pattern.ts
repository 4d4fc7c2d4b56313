import { parseUrn, type Urn } from "@berth/core";

/** A pattern of a scope, ready to be held against resources. */
export interface Pattern {
  /** As it was given. */
  readonly text: string;
  /** Whether it means this resource or component. */
  matches(urn: Urn): boolean;
}

/**
 * Reads a pattern: a URN, `TYPE::PATH`, or a logical path. `*` stands for any part of one name, `**` for any
 * part of the whole.
 *
 * @example readPattern("kubernetes:*::front/*").matches("urn:berth:dev:shop::kubernetes:Service::front/web") // true
 */
export function readPattern(text: string): Pattern {
  const whole = new RegExp(`^${text.split("**").map(anyName).join(".*")}$`, "s");
  const subject = text.startsWith("urn:") ? (urn: Urn) => urn : text.includes("::") ? typeAndPath : pathOf;
  return { text, matches: (urn) => whole.test(subject(urn)) };
}

function anyName(text: string): string {
  return text.split("*").map(literal).join("[^/]*");
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The ways in which people name a resource, the shortest first: what a misspelt pattern is compared with. */
export function namesOf(urn: Urn): readonly string[] {
  return [pathOf(urn), typeAndPath(urn), urn];
}

function pathOf(urn: Urn): string {
  return parseUrn(urn)?.path.join("/") ?? urn;
}

function typeAndPath(urn: Urn): string {
  const parts = parseUrn(urn);
  return parts ? `${parts.type}::${parts.path.join("/")}` : urn;
}
