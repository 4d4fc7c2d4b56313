/** The composition root and the API for programs that drive berth. */
export {};
