import { defineCodes } from "@berth/diagnostics";

/** What automation says of projects, stacks and their files. The loader's own are in `loader/codes.ts`. */
export const codes = defineCodes({
  BERTH7001: {
    title: "Unknown stack",
    explanation:
      "The command wants a stack that exists, and names one of which this project has neither a configuration file nor a state.",
    remedy: "Name one that exists (`berth stack list`), or make it with its first `berth up --stack NAME`.",
  },
  BERTH7002: {
    title: "Which stack is meant is not clear",
    explanation:
      "The project has several stacks, the command names none, and none is selected in this checkout. There is no current stack beyond a checkout that could differ between machines or terminals.",
    remedy: "Say `--stack NAME`, set BERTH_STACK, or select one with `berth stack select NAME`.",
  },
  BERTH7003: {
    title: "There is such a stack already",
    explanation:
      "A new stack, or a new name of one, is to be one that the project has already: a stack is there where it has a file or a state.",
    remedy: "Choose another name, or remove the other stack (`berth stack rm NAME`).",
  },
  BERTH7004: {
    title: "The stack can't be renamed now",
    explanation:
      "Operations of the stack were interrupted. What became of them is found by what they wrote under the stack's name.",
    remedy: "Run `berth up` first, which settles them, then rename.",
  },
  BERTH7005: {
    title: "Refreshed without the program",
    explanation:
      "A refresh runs the program to know the types that it defines itself. It could not be run, so resources of such types were not looked at.",
    remedy: "Correct the program (`berth preview` says what is wrong with it), and refresh again.",
  },
  BERTH7006: {
    title: "Secrets of another stack cannot be read",
    explanation:
      "A stack reference reads a stack whose outputs hold secrets that are encrypted with a key that is not at hand here.",
    remedy:
      "Set BERTH_PASSPHRASE to that stack's passphrase, or bring its project's `.berth/secrets.key`. A preview takes what was read the last time.",
  },
  BERTH7201: {
    title: "No project here",
    explanation:
      "Neither the folder nor one above it has a berth.yaml, the file that names a project and its program.",
    remedy: "Go to the project's folder, say `--cwd FOLDER`, or start a project with `berth new`.",
  },
  BERTH7202: {
    title: "A file is not valid YAML",
    explanation: "A project or stack file can't be read as YAML.",
    remedy: "Mend the line that is named; values with `:` or `#` in them want quotes.",
  },
  BERTH7203: {
    title: "A project or stack file says something that berth does not know",
    explanation:
      "berth.yaml and berth.<stack>.yaml are checked against a closed schema, so that a misspelt key is not silently ignored.",
    remedy: "Use the key or the type that the message names.",
  },
  BERTH7204: {
    title: "Not a name for a stack or project",
    explanation:
      "Names of projects and stacks become parts of file names and URNs: letters, digits, `-`, `_` and `.`, at most 100 characters, and a letter or digit first.",
    remedy: "Choose another name.",
  },
  BERTH7205: {
    title: "The folder is not empty",
    explanation: "`berth new` writes a project's first files and never overwrites one that is there.",
    remedy: "Choose another folder, or move the file away.",
  },
  BERTH7206: {
    title: "A file cannot be read or written",
    explanation: "The operating system refused access to a project file.",
    remedy: "Look at the file's permissions and at the disk.",
  },
  BERTH7207: {
    title: "Not a key for a configuration value",
    explanation:
      "Keys are how a program asks for its values: `replicas` is the project's own, `azure:location` belongs to somebody else. Keys that every JavaScript object has (`__proto__`, `constructor`) are none, and each may be there once.",
    remedy: "Choose a key of a letter, then letters, digits, `_`, `.` and `-`, with at most one `:`.",
  },
  BERTH7208: {
    title: "A configuration value is not what berth.yaml says",
    explanation:
      "`config:` in berth.yaml says of each value what it is, as JSON Schema; the stack's values are held to it before the program runs.",
    remedy: "Correct the value (`berth config set KEY VALUE`), or what berth.yaml says of it.",
  },
  BERTH7209: {
    title: "A configuration value is missing",
    explanation:
      "`config:` in berth.yaml names a value that has no default and is not `optional: true`, and the stack gives none.",
    remedy: "Set it with `berth config set KEY VALUE`, or give it a default in berth.yaml.",
  },
  BERTH7210: {
    title: "A configuration value that the project does not know",
    explanation:
      "Where berth.yaml has `config:`, the project's own values must be declared there, so that a misspelt key is not silently ignored.",
    remedy: "Correct the key, or declare it under `config:` in berth.yaml.",
  },
  BERTH7211: {
    title: "No such configuration value",
    explanation: "The stack's configuration has no value of that key, and berth.yaml no default for it.",
    remedy: "Set it with `berth config set KEY VALUE`, or see `berth config list`.",
  },
  BERTH7212: {
    title: "A secret configuration value cannot be read",
    explanation:
      "The stack's file holds it encrypted, and the key is not at hand or is another one. A preview can do without; what applies a plan, or shows the value, cannot.",
    remedy:
      "Set BERTH_PASSPHRASE to the passphrase that the stack's secrets are encrypted with, or bring the project's `.berth/secrets.key`.",
  },
  BERTH7009: {
    title: "The state is gone, and what it recorded is not",
    explanation:
      "Nothing is recorded of the stack, but its cloud holds resources that carry its mark. Its state was deleted or is somewhere else. berth would create all of it a second time, and be refused, since it exists.",
    remedy:
      "Restore the stack's folder under `.berth/state`, or name the backend that has it. Where the resources are to be taken into a new state, `berth import` does it; where everything is to begin anew, remove `.berth/local`.",
  },
});
