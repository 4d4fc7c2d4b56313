/** A linear program in whole numbers from 0 on. */
export interface LinearProgram {
  /** Coefficients by variable; their sum is to be as small as can be. */
  readonly minimize: Terms;
  readonly constraints: readonly Constraint[];
}

export type Terms = Readonly<Record<string, number>>;

export interface Constraint {
  readonly terms: Terms;
  readonly relation: "<=" | ">=" | "=";
  readonly bound: number;
}

export interface LinearSolution {
  /** Value by variable; 0 where it is absent. */
  readonly values: Terms;
  readonly objective: number;
}

/** Solves a program to its optimum; nothing where it has no solution or none was found in time. */
export type LinearSolver = (program: LinearProgram) => LinearSolution | undefined;

/** The program in CPLEX's LP format, which solvers read. */
export function toLpFormat({ minimize, constraints }: LinearProgram): string {
  const variables = new Set([
    ...Object.keys(minimize),
    ...constraints.flatMap(({ terms }) => Object.keys(terms)),
  ]);
  return [
    "Minimize",
    ` cost: ${sumOf(minimize)}`,
    "Subject To",
    ...constraints.map(({ terms, relation, bound }, i) => ` c${i}: ${sumOf(terms)} ${relation} ${bound}`),
    "General",
    ` ${[...variables].join(" ")}`,
    "End",
  ].join("\n");
}

function sumOf(terms: Terms): string {
  return Object.entries(terms)
    .map(([variable, coefficient]) => `${coefficient < 0 ? "-" : "+"} ${Math.abs(coefficient)} ${variable}`)
    .join(" ");
}
