import { BerthError, problem } from "@berth/diagnostics";
import type { DeclaredAlias } from "./alias.ts";
import { coreCodes } from "./codes.ts";
import type { Component } from "./component.ts";
import { activeContext } from "./context.ts";
import { declarationOf } from "./declared.ts";
import type { Resource } from "./resource.ts";
import { siteOfCall } from "./site.ts";
import { nameProblem, parseUrn } from "./urn.ts";

/** A move: what was recorded at one place is at another from now on. */
export interface Move {
  /** Where it was: a logical path from the outermost component (`"shop/front"`), or a URN. */
  readonly from: string;
  /** What it is now. A component takes everything that was inside with it. */
  readonly to: Resource | Component;
  /** Its type before, where that was another one: `azure:NodePool`. */
  readonly type?: string;
}

/**
 * Says that a resource or component was declared elsewhere before, so that it is moved in the state, and not deleted
 * and created. It does what an alias does, and stands where moves are collected: a program keeps its history in one
 * place, until every stack has gone through it.
 *
 * @example
 * const front = new Deployment("front", { … }, { parent: shop });
 * moved({ from: "old-shop/web", to: front });
 * @throws BERTH1006 outside a program, BERTH1044 where `from` is no path
 */
export function moved({ from, to, type }: Move): void {
  const context = activeContext();
  const site = context?.mapSite(siteOfCall(moved));
  const where = site && { site };
  if (!context || context.sealed)
    throw new BerthError([
      problem(coreCodes.BERTH1006, { message: "moved(…), but no program is running here", ...where }),
    ]);
  const alias = readOrigin(from, type);
  if (typeof alias === "string")
    throw new BerthError([problem(coreCodes.BERTH1044, { message: alias, ...where })]);
  const declaration = declarationOf(to);
  if (!declaration) {
    const message = "to is a resource or a component";
    throw new BerthError([problem(coreCodes.BERTH1044, { message, ...where })]);
  }
  context.moves.set(declaration, [...(context.moves.get(declaration) ?? []), alias]);
}

function readOrigin(from: unknown, type: string | undefined): DeclaredAlias | string {
  if (typeof from !== "string") return "from is a logical path or a URN";
  if (from.startsWith("urn:")) return parseUrn(from) ? { urn: from } : `"${from}" is no URN`;
  const path = from.split("/");
  const wrong = path.map(nameProblem).find((each) => each !== undefined);
  return wrong === undefined
    ? { path, ...(type !== undefined && { type }) }
    : `"${from}" is no path: ${wrong}`;
}
