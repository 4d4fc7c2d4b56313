/** The operations: preview, up, refresh, destroy. */
export {};
