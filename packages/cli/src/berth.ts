#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Compiled code of berth's own modules is kept between runs; it is most of the time that a small preview takes.
enableCompileCache();

const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2));
