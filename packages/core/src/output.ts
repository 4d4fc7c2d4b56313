import { BerthError } from "@berth/diagnostics";
import { capture } from "./capture.ts";
import { activeContext } from "./context.ts";
import { outputOf } from "./output-handle.ts";
import { type OutputNode, uniteSources } from "./output-node.ts";
import type { Output, Unwrapped } from "./output-type.ts";
import { siteOfCall } from "./site.ts";

/**
 * A value in which parts may be outputs, as one output.
 *
 * @example output({ host: service.host, port: 80 }).apply(({ host, port }) => `${host}:${port}`)
 * @throws BERTH1004 where a part is no value
 */
export function output<T>(value: T): Output<Unwrapped<T>> {
  return outputOf(valueNode(value, output));
}

/**
 * Several outputs as one, to compute with all of them.
 *
 * @example all([cluster.name, group.name]).apply(([cluster, group]) => `${group}/${cluster}`)
 * @throws BERTH1004 where a part is no value
 */
export function all<T extends readonly [] | readonly unknown[] | Readonly<Record<string, unknown>>>(
  values: T,
): Output<Unwrapped<T>> {
  return outputOf(valueNode(values, all));
}

/**
 * Text with outputs in it. What is absent is written as nothing.
 *
 * @example text`https://${ingress.host}:${port}/`
 * @throws BERTH1004 where a part is no value
 */
export function text(strings: TemplateStringsArray, ...values: readonly TextPart[]): Output<string> {
  const parts = values.map((each) => valueNode(each, text));
  return outputOf({ kind: "text", strings: [...strings], parts, sources: uniteSources(parts) });
}

/** What may stand in {@link text}. */
export type TextPart = string | number | boolean | Output<string> | Output<number> | Output<boolean>;

/**
 * Marks a value as secret: it is encrypted in the state and shown nowhere. What is computed from it is secret too.
 *
 * @example secret(config.require("token"))
 */
export function secret<T>(value: T): Output<Unwrapped<T>> {
  const of = valueNode(value, secret);
  return outputOf({ kind: "secret", of, secret: true, sources: of.sources });
}

/**
 * Says that what was computed from a secret is none itself.
 *
 * @example unsecret(certificate.apply((pem) => commonNameOf(pem)))
 */
export function unsecret<T>(value: Output<T>): Output<T> {
  const of = valueNode(value, unsecret);
  return outputOf({ kind: "secret", of, secret: false, sources: of.sources });
}

function valueNode(given: unknown, caller: CallableFunction): OutputNode {
  const { value, holes, problems } = capture(given);
  if (problems.length > 0) {
    const site = activeContext()?.mapSite(siteOfCall(caller));
    throw new BerthError(problems.map((each) => ({ ...each, ...(site && { site }) })));
  }
  const parts = holes.map((each) => each.node).filter((each) => each !== undefined);
  const [whole] = parts;
  if (whole && holes[0]?.path.length === 0) return whole;
  return { kind: "value", value, parts, sources: uniteSources(parts) };
}
