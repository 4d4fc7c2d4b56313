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
  BERTH2003: {
    title: "Invalid selector",
    explanation:
      "A selector's requirement cannot be evaluated: its operator is unknown, or it has values where the operator takes none, or none where it needs some.",
    remedy:
      "`In` and `NotIn` need at least one value, `Exists` and `DoesNotExist` take none; `Gt` and `Lt` (node selectors only) take exactly one, an integer.",
  },
  BERTH2004: {
    title: "Unknown kind",
    explanation:
      "The object's apiVersion and kind are not among the kinds that Kubernetes 1.36 has built in, so its fields cannot be checked, defaulted or merged by key.",
    remedy:
      "Check the spelling of both: the kind is in capitals (`StatefulSet`), the apiVersion is group and version (`apps/v1`; the core group is `v1` alone). " +
      "Old beta versions (`extensions/v1beta1`) are gone; use the stable one.",
  },
  BERTH2005: {
    title: "Unknown field",
    explanation:
      "The object has a field that its kind does not have at this place. The API server would refuse it or, worse, drop it silently, and the setting would have no effect.",
    remedy:
      "Correct the spelling, or move the field to where it belongs; the message names the nearest field that exists here. " +
      "Names are in camelCase and are case-sensitive (`imagePullPolicy`).",
  },
  BERTH2006: {
    title: "Invalid value",
    explanation:
      "The value does not have the type that the field has in the Kubernetes API, or it is not one of the values that the field allows.",
    remedy:
      'Give a value of the named type. Labels, annotations, environment variables and config map data are texts: write `"8080"`, not `8080`.',
  },
  BERTH2007: {
    title: "Missing field",
    explanation: "A field without which the API server refuses the object is absent.",
    remedy: "Add the field.",
  },
  BERTH2008: {
    title: "Duplicate element",
    explanation:
      "Two elements of a list have the same key (two containers of one name, one environment variable twice). Such lists are merged by key, so the API server cannot tell the two apart and refuses to apply them.",
    remedy: "Give each element a key of its own, or remove one of them.",
  },
  BERTH2009: {
    title: "The API server would refuse this",
    explanation:
      "Every field has the right type, but together they break a rule of the Kubernetes API: a selector that does not match the template's labels, two ports of one name, " +
      "a number out of its range, a name that is no DNS label, a request above its limit. The message is the API server's own.",
    remedy: "Change the field that the message names; the API server states the rule behind the colon.",
  },
});
