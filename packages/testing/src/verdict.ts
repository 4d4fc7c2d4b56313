/** What a matcher found: whether it holds, and what to say where that is not what was expected. */
export interface Verdict {
  readonly pass: boolean;
  /** What the plan says instead: the reason why it does not hold, or what makes it hold where it must not. */
  readonly message: () => string;
}

/** A verdict with what was expected in words (`to create azure:NodePool user`) and what the plan says. */
export function verdict(pass: boolean, expected: string, found: () => readonly string[]): Verdict {
  return {
    pass,
    message: () => [`expected the plan ${pass ? "not " : ""}${expected}`, ...found()].join("\n"),
  };
}

/** At most so many lines, and how many more there are. */
export function cut(lines: readonly string[], most = 20): readonly string[] {
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most), `  … and ${lines.length - most} more`];
}
