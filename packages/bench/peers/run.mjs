/** Times what a peer's script does: a warm-up, then each phase `rounds` times, medians as JSON on the last line. */
export async function timePhases(phases, rounds) {
  const found = {};
  for (const [name, { rounds: own = rounds, run }] of Object.entries(phases)) {
    const times = [];
    for (let round = 0; round < own; round++) {
      const start = performance.now();
      await run(round);
      times.push(performance.now() - start);
    }
    found[name] = times.toSorted((a, b) => a - b)[times.length >> 1];
  }
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
