import { openProject, typedName } from "@berth/automation";
import { inert } from "@berth/report";
import type { StateOptions } from "../../command-line/state/options.ts";
import { chosenStack } from "../../stack-choice.ts";
import type { Terminal } from "../../terminal.ts";
import { hidden } from "../../hidden-secrets.ts";

/** `berth state show NAME` */
export async function showRecord(name: string, options: StateOptions, terminal: Terminal): Promise<void> {
  const project = await openProject(options);
  const { records } = await project.chooseExisting(chosenStack(options));
  const record = await records.find(name);
  if (options.json) return terminal.write(`${JSON.stringify(hidden(record), undefined, 2)}\n`);
  const { urn, type: _, dependencies, ...others } = record;
  terminal.write(`${inert(typedName(urn))}\n`);
  const lines: readonly (readonly [string, unknown])[] = [
    ["urn", urn],
    ...Object.entries(others),
    ["needs", dependencies.map(typedName)],
  ];
  for (const [key, value] of lines) {
    const shown = hidden(value);
    if (isEmpty(shown)) continue;
    const text = typeof shown === "string" ? shown : JSON.stringify(shown, undefined, 2);
    terminal.write(
      text
        .split("\n")
        .map((line, index) => inert(index === 0 ? `  ${key}: ${line}` : `  ${line}`))
        .join("\n") + "\n",
    );
  }
}

function isEmpty(value: unknown): boolean {
  return value === false || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}
