// What names, labels and the like may look like; each function answers what is wrong with a text.
// Rules and sentences: `k8s.io/apimachinery` v0.36 `pkg/api/validate/content` and `pkg/util/validation`.

const LABEL_1123 = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN_1123 = `${LABEL_1123}(\\.${LABEL_1123})*`;
const LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const LABEL_KEY = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const LABEL_VALUE = `(${LABEL_KEY})?`;
const CONFIG_KEY = "[-._a-zA-Z0-9]+";
const PERCENT = "[0-9]+%";

const LABEL_KEY_MESSAGE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const SUBDOMAIN_MESSAGE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const LABEL_1123_MESSAGE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const LABEL_1035_MESSAGE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";

/** Answers sentences about what is wrong with a text; none where it is right. */
export type ContentCheck = (text: string) => readonly string[];

export const dns1123Label: ContentCheck = (text) => [
  ...maxLength(text, 63),
  ...pattern(text, LABEL_1123, LABEL_1123_MESSAGE, "my-name", "123-abc"),
];

export const dns1123Subdomain: ContentCheck = (text) => [
  ...maxLength(text, 253),
  ...pattern(text, SUBDOMAIN_1123, SUBDOMAIN_MESSAGE, "example.com"),
];

export const dns1035Label: ContentCheck = (text) => [
  ...maxLength(text, 63),
  ...pattern(text, LABEL_1035, LABEL_1035_MESSAGE, "my-name", "abc-123"),
];

/** A name that is a segment of a URL path, where the kind asks for nothing narrower. */
export const pathSegmentName: ContentCheck = (text) => {
  if (text === "." || text === "..") return [`may not be '${text}'`];
  return ["/", "%"].filter((each) => text.includes(each)).map((each) => `may not contain '${each}'`);
};

/** Keys of labels, annotations and finalizers: `name`, `example.com/name`. */
export const qualifiedName: ContentCheck = (text) => {
  const parts = text.split("/");
  const examples = ["MyName", "my.name", "123-abc"];
  if (parts.length > 2) {
    const explained = explain(LABEL_KEY_MESSAGE, LABEL_KEY, examples);
    return [
      `a valid label key ${explained} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const [prefix, name] = parts.length === 2 ? [parts[0], parts[1] ?? ""] : [undefined, text];
  const faults: string[] = [];
  if (prefix === "") faults.push("prefix part must be non-empty");
  else if (prefix !== undefined)
    faults.push(...dns1123Subdomain(prefix).map((each) => `prefix part ${each}`));
  if (name === "") faults.push("name part must be non-empty");
  else faults.push(...maxLength(name, 63).map((each) => `name part ${each}`));
  return [
    ...faults,
    ...pattern(name, LABEL_KEY, LABEL_KEY_MESSAGE, ...examples).map((each) => `name part ${each}`),
  ];
};

export const labelValue: ContentCheck = (text) => [
  ...maxLength(text, 63),
  ...pattern(
    text,
    LABEL_VALUE,
    `a valid label must be an empty string or ${LABEL_KEY_MESSAGE.replace("must ", "")}`,
    "MyValue",
    "my_value",
    "12345",
  ),
];

/** Keys of config maps and secrets. */
export const configKey: ContentCheck = (text) => [
  ...maxLength(text, 253),
  ...pattern(
    text,
    CONFIG_KEY,
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
    "key.name",
    "KEY_NAME",
    "key-name",
  ),
  ...directoryName(text),
];

export const environmentName: ContentCheck = (text) => {
  if (text === "") return ["environment variable name must be non-empty"];
  const isPrintable = /^[\x20-\x3c\x3e-\x7e]*$/.test(text);
  return isPrintable
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
};

/** Names of ports: at most 15 characters, at least one letter. */
export const portName: ContentCheck = (text) => [
  ...maxLength(text, 15),
  ...(/^[-a-z0-9]+$/.test(text)
    ? []
    : ["must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"]),
  ...(/[a-z]/.test(text) ? [] : ["must contain at least one letter (a-z)"]),
  ...(text.includes("--") ? ["must not contain consecutive hyphens"] : []),
  ...(text.startsWith("-") || text.endsWith("-") ? ["must not begin or end with a hyphen"] : []),
];

export const percent: ContentCheck = (text) =>
  pattern(
    text,
    PERCENT,
    "a valid percent string must be a numeric string followed by an ending '%'",
    "1%",
    "93%",
  );

export function inRange(value: number, low: number, high: number): readonly string[] {
  return value >= low && value <= high ? [] : [`must be between ${low} and ${high}, inclusive`];
}

function directoryName(text: string): readonly string[] {
  if (text === ".") return ["must not be '.'"];
  if (text === "..") return ["must not be '..'"];
  return text.startsWith("..") ? ["must not start with '..'"] : [];
}

function maxLength(text: string, limit: number): readonly string[] {
  return text.length > limit ? [`must be no more than ${limit} characters`] : [];
}

const compiled = new Map<string, RegExp>();

function pattern(
  text: string,
  source: string,
  message: string,
  ...examples: readonly string[]
): readonly string[] {
  let expression = compiled.get(source);
  if (!expression) compiled.set(source, (expression = new RegExp(`^${source}$`)));
  return expression.test(text) ? [] : [explain(message, source, examples)];
}

function explain(message: string, source: string, examples: readonly string[]): string {
  return `${message} (e.g. ${examples.map((each) => `'${each}', `).join(" or ")}regex used for validation is '${source}')`;
}
