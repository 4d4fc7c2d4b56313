import { azureCodes } from "@berth/azure";
import { coreCodes } from "@berth/core";
import type { CodeEntry } from "@berth/diagnostics";
import { engineCodes, policyCodes } from "@berth/engine";
import { kubernetesCodes } from "@berth/kubernetes";
import { localCodes } from "@berth/local";
import { codes as machinesCodes } from "@berth/machines";
import { objectsCodes } from "@berth/objects";
import { plannerCodes } from "@berth/planner";
import { schedulerCodes } from "@berth/scheduler";
import { simulatorCodes } from "@berth/simulator";
import { stateCodes } from "@berth/state";
import { codes } from "./codes.ts";
import { loaderCodes } from "./loader/codes.ts";

/** Every code that berth can say, sorted: what `berth help` knows. */
export function allCodes(): readonly CodeEntry[] {
  const tables = [
    coreCodes,
    objectsCodes,
    schedulerCodes,
    simulatorCodes,
    plannerCodes,
    stateCodes,
    azureCodes,
    kubernetesCodes,
    localCodes,
    machinesCodes,
    engineCodes,
    policyCodes,
    codes,
    loaderCodes,
  ];
  return tables
    .flatMap((table): CodeEntry[] => Object.values(table))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
}
