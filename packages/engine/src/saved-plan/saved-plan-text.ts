import { BerthError, problem } from "@berth/diagnostics";
import { misfit, planDefinitions, planSchema } from "@berth/planner";
import { verifiedChecksum, withChecksum } from "@berth/state";
import { engineCodes } from "../codes.ts";
import type { SavedPlan } from "./saved-plan.ts";

/** A saved plan as text: one JSON object whose first member is a checksum over every byte behind it. The same bytes for the same plan. */
export function writeSavedPlan(saved: SavedPlan): string {
  const { format, version, options, bindings, plan } = saved;
  const text = JSON.stringify({ format, version, options, bindings, plan }, undefined, 1);
  return withChecksum(`${text.slice(1)}\n`).text;
}

/**
 * Reads what {@link writeSavedPlan} wrote.
 *
 * @param file - its name, for messages
 * @throws BERTH6050 where a byte differs or it is none, BERTH6051 where it is of a newer version
 */
export function readSavedPlan(text: string, file: string): SavedPlan {
  const value = parsed(text);
  if (!hasFormat(value)) throw unreadable(file, text.trim() === "" ? "it is empty" : "it is no saved plan");
  if (typeof value.version === "number" && value.version > 1) {
    const message = `${file}: it is a saved plan of version ${value.version}, and this berth knows version 1`;
    throw new BerthError([problem(engineCodes.BERTH6051, { message })]);
  }
  if (verifiedChecksum(text) === undefined) throw unreadable(file, "its content does not match its checksum");
  const wrong = misfit(schema, value, planDefinitions);
  if (wrong !== undefined) throw unreadable(file, `${wrong || "it"} is not as berth writes it`);
  const { format, version, options, bindings, plan } = value as SavedPlan;
  return { format, version, options, bindings, plan };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hasFormat(value: unknown): value is { readonly format: string; readonly version?: unknown } {
  return (
    typeof value === "object" && value !== null && "format" in value && value.format === "berth.saved-plan"
  );
}

function unreadable(file: string, why: string): BerthError {
  return new BerthError([problem(engineCodes.BERTH6050, { message: `${file}: ${why}` })]);
}

const text = { type: "string" } as const;
const texts = { type: "array", items: text } as const;
const textByText = { type: "object", additionalProperties: text } as const;

function closed(properties: object, optional: readonly string[] = []) {
  const required = Object.keys(properties).filter((each) => !optional.includes(each));
  return { type: "object", properties, required, additionalProperties: false };
}

const schema = closed({
  checksum: text,
  format: { const: "berth.saved-plan" },
  version: { const: 1 },
  options: closed(
    {
      operation: { enum: ["up", "destroy"] },
      scope: closed({ targets: texts, excludes: texts, replaces: texts }),
      refresh: { const: true },
    },
    ["scope", "refresh"],
  ),
  bindings: closed({
    berth: text,
    graph: closed({ digest: text, resources: textByText, outputs: text }),
    configuration: closed({
      source: text,
      values: {
        type: "object",
        additionalProperties: {
          anyOf: [closed({ value: {} }), closed({ secret: { const: true }, digest: text }, ["digest"])],
        },
      },
    }),
    state: closed({ serial: { type: "integer", minimum: 0 }, digest: text }),
    observed: {
      type: "object",
      additionalProperties: closed({ how: { enum: ["live", "saved"] }, objects: textByText }),
    },
    catalogue: textByText,
    policies: textByText,
  }),
  plan: planSchema,
});
