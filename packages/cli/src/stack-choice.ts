/** The stack that a command names, or the environment; nothing where the project has to say. */
export function chosenStack(options: { readonly stack?: string }): string | undefined {
  return options.stack ?? (process.env["BERTH_STACK"] || undefined);
}
