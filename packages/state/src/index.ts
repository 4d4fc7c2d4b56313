/** Snapshot format, journal, locks and backends. */
export {};
