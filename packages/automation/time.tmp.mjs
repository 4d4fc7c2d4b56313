const t0 = performance.now();
const { loadProgram } = await import("./dist/loader/load-program.js");
const t1 = performance.now();
const g = await loadProgram({ directory: process.argv[2], entry: process.argv[3], project: "p", stack: "s", config: {} });
const t2 = performance.now();
const g2 = await loadProgram({ directory: process.argv[2], entry: process.argv[3], project: "p", stack: "s", config: {} });
console.log("import loader", (t1-t0).toFixed(0), "first load", (t2-t1).toFixed(0), "second", (performance.now()-t2).toFixed(0), g.resources.length, "total", performance.now().toFixed(0));
