import path from "node:path";
import type { Bench } from "../bench.ts";
import { setup as build } from "../workspace/build.ts";
import { workspaceRoot } from "../workspace/rooms.ts";
import { withAppliedStore } from "./applied-store.ts";
import { medianTimes } from "./process-time.ts";

const rounds = 20;

/** The command as users have it: built, started as a file. */
const berth = path.join(workspaceRoot, "packages/cli/dist/berth.js");

/** How long `berth` takes to be there, as a multiple of what Node alone takes. */
export const startup: Bench = {
  name: "startup",
  description: `the built command beside \`node -e 0\`, median of ${rounds}, warm file cache, saved state`,
  async run(progress) {
    progress("building");
    await build();
    progress("applying the store");
    return withAppliedStore(berth, async (project) => {
      progress(`starting each command ${rounds} times`);
      const preview = [berth, "preview", "--cwd", project, "--stack", "bench"];
      const times = medianTimes([["-e", "0"], [berth, "--version"], preview], { rounds, warmups: 3 });
      const [alone = Number.NaN, version = Number.NaN, store = Number.NaN] = times;
      return [
        { name: "node -e 0", value: alone, unit: "ms" },
        { name: "berth --version", value: version, unit: "ms" },
        { name: "  beside node -e 0", value: version / alone, unit: "times", target: { atMost: 3 } },
        { name: "berth preview, of the applied store", value: store, unit: "ms" },
        { name: "  beside node -e 0", value: store / alone, unit: "times", target: { atMost: 15 } },
      ];
    });
  },
};
