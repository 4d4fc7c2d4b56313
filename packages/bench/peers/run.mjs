/** Times what a peer's script does, each phase so many rounds: medians by clock and by processor, as JSON on the last line. */
export async function timePhases(phases, rounds) {
  const found = {};
  for (const [name, { rounds: own = rounds, run }] of Object.entries(phases)) {
    const all = [];
    for (let round = 0; round < own; round++) {
      const [start, processor] = [performance.now(), process.cpuUsage()];
      await run();
      const elapsed = performance.now() - start;
      const { user, system } = process.cpuUsage(processor);
      all.push({ elapsed, processor: (user + system) / 1000 });
    }
    const middle = (part) => all.map((each) => each[part]).toSorted((a, b) => a - b)[all.length >> 1];
    found[name] = { elapsed: middle("elapsed"), processor: middle("processor") };
  }
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
