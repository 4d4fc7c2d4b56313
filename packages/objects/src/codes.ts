import { defineCodes } from "@berth/diagnostics";

/** The problems that this room raises. */
export const codes = defineCodes({
  BERTH2001: {
    title: "Not a quantity",
    explanation:
      "Amounts of CPU, memory and other resources are written as a number with an optional suffix: `500m`, `2`, `1.5Gi`, `1e3`. " +
      "The value does not have that form, or it is not a finite number, so nothing can be computed with it.",
    remedy:
      "Write a number followed by one of n, u, m, k, M, G, T, P, E (powers of 1000) or Ki, Mi, Gi, Ti, Pi, Ei (powers of 1024). " +
      "Suffixes are case-sensitive, and there is no B: 512 megabytes are `512M` or `512Mi`.",
  },
  BERTH2002: {
    title: "Quantity out of range",
    explanation:
      "The quantity is larger than the 64-bit integers in which Kubernetes counts, or smaller than zero where only a positive amount makes sense.",
    remedy: "Check the suffix: `100000Gi` of memory or `1000k` CPUs are usually a slip for `100Gi` or `1000m`.",
  },
  BERTH2003: {
    title: "Invalid selector",
    explanation:
      "A selector's requirement cannot be evaluated: its operator is unknown, or it has values where the operator takes none, or none where it needs some.",
    remedy:
      "`In` and `NotIn` need at least one value, `Exists` and `DoesNotExist` take none; `Gt` and `Lt` (node selectors only) take exactly one, an integer.",
  },
});
