// For `node --import`: lets Node run berth's own sources, and programs, straight from TypeScript.
import { installTypeScriptHooks } from "./typescript-hooks.ts";

installTypeScriptHooks();
