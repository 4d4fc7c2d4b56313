import type { Register } from "./options.ts";
import { registerStateEdit } from "./state/edit.ts";
import { registerStateExport } from "./state/export.ts";
import { registerStateImport } from "./state/import.ts";
import { registerStateList } from "./state/list.ts";
import { registerStateMove } from "./state/mv.ts";
import { registerStateProtect } from "./state/protect.ts";
import { registerStateRepair } from "./state/repair.ts";
import { registerStateRemove } from "./state/rm.ts";
import { registerStateShow } from "./state/show.ts";
import { registerStateUnlock } from "./state/unlock.ts";

/** In the order of `berth state --help`. */
const commands: readonly Register[] = [
  registerStateList,
  registerStateShow,
  registerStateMove,
  registerStateRemove,
  registerStateProtect,
  registerStateExport,
  registerStateImport,
  registerStateEdit,
  registerStateRepair,
  registerStateUnlock,
];

/** `berth state …` */
export const registerState: Register = (program, terminal, exit) => {
  const state = program
    .command("state")
    .description("what is recorded, to be put right by hand; clouds and clusters are not touched");
  for (const register of commands) register(state, terminal, exit);
};
