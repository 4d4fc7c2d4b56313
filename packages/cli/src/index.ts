/** The command `berth`. */
export {};
