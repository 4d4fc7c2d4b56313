/** Private: benchmarks and replays of recordings. */
export {};
