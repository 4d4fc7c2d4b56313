import { openProject, typedName } from "@berth/automation";
import { inert } from "@berth/report";
import type { StateOptions } from "../../command-line/state/options.ts";
import { chosenStack } from "../../stack-choice.ts";
import type { Terminal } from "../../terminal.ts";

interface Row {
  readonly urn: string;
  readonly name: string;
  readonly id: string;
  /** What is special about it: protected, superseded, only read, interrupted. */
  readonly marks: readonly string[];
}

/** `berth state list [PATTERN]` */
export async function listRecords(
  pattern: string | undefined,
  options: StateOptions,
  terminal: Terminal,
): Promise<void> {
  const project = await openProject(options);
  const { records } = await project.chooseExisting(chosenStack(options));
  const { resources, superseded = [], pending } = await records.read();
  const interrupted = new Map(pending.map(({ urn, action, superseded: key = "" }) => [urn + key, action]));
  const row = (record: (typeof resources)[number], isSuperseded: boolean): Row => {
    const { urn, id, operationKey } = record;
    const action = interrupted.get(isSuperseded ? urn + operationKey : urn);
    const marks = [
      ...(isSuperseded ? ["superseded"] : []),
      ...(record.protect ? ["protected"] : []),
      ...(record.external ? ["read"] : []),
      ...(action ? [`interrupted ${action}`] : []),
    ];
    return { urn, name: typedName(urn), id, marks };
  };
  const known = new Set(resources.map(({ urn }) => urn));
  const rows: readonly Row[] = [
    ...resources.map((record) => row(record, false)),
    ...superseded.map((record) => row(record, true)),
    ...pending
      .filter(({ urn }) => !known.has(urn))
      .map(({ urn, action }) => ({ urn, name: typedName(urn), id: "", marks: [`interrupted ${action}`] })),
  ].filter(({ urn, name }) => pattern === undefined || matches(pattern, urn) || matches(pattern, name));
  if (options.json) return terminal.write(`${JSON.stringify(rows, undefined, 2)}\n`);
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  for (const { name, id, marks } of rows) {
    const notes = marks.length > 0 ? `  (${marks.join(", ")})` : "";
    terminal.write(inert(`${name.padEnd(width)}  ${id}${notes}`.trimEnd()) + "\n");
  }
}

/** A name, with or without its type; `*` stands for any part of it. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const whole = new RegExp(`^${parts.join(".*")}$`);
  return whole.test(name) || whole.test(name.slice(name.indexOf("::") + 2));
}
