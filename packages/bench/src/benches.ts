import type { Bench } from "./bench.ts";
import { peers } from "./peers/peers.ts";
import { placement } from "./placement/bench.ts";
import { memory } from "./scale/memory.ts";
import { noOpPlan } from "./scale/no-op.ts";
import { upOfMany } from "./scale/up.ts";
import { storeScale } from "./store-scale/store-scale.ts";
import { startup } from "./startup/startup.ts";

/** All benches, in the order in which `npm run bench` runs them. */
export const benches: readonly Bench[] = [startup, placement, noOpPlan, upOfMany, memory, storeScale, peers];
