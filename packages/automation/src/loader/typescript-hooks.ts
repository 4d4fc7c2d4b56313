// Runs TypeScript as it is. This file and what it imports are loaded before the hooks exist, so
// they have only syntax that Node strips by itself.
import module, { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { inheritGeneration } from "./generation.ts";
import { resolveModule } from "./resolution.ts";
import { transformFile } from "./transform.ts";

let installed = false;

/** Installs the hooks, once for the process. */
export function installTypeScriptHooks(): void {
  if (installed) return;
  installed = true;
  registerHooks({
    resolve(specifier, context, next) {
      const found = resolveModule(specifier, context.parentURL, (wanted, parent) =>
        next(wanted, parent === undefined ? context : { ...context, parentURL: parent }),
      );
      const url = inheritGeneration(specifier, found.url, context.parentURL);
      return url === found.url ? found : { ...found, url };
    },
    load(url, context, next) {
      const [, extension] = /^file:[^?]*\.([mc]?)ts(?:$|\?)/.exec(url) ?? [];
      if (extension === undefined || url.includes("/node_modules/")) return next(url, context);
      const file = fileURLToPath(new URL(url.split("?")[0] ?? url));
      const format = extension === "c" ? "commonjs" : "module";
      return { format, shortCircuit: true, source: transformFile(file) };
    },
  });
  // Traces name the program's own lines; what is installed keeps its compiled ones, which costs nothing.
  module.setSourceMapsSupport(true, { nodeModules: false });
}
