/** Desired against recorded and observed: the Plan. */
export {};
