/** A running cluster as a pure machine in virtual time. */
export {};
