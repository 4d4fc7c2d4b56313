import { defineCodes } from "@berth/diagnostics";

/** What the command line itself refuses. */
export const codes = defineCodes({
  BERTH8001: {
    title: "The command line is not understood",
    explanation: "A command, option or argument is unknown, missing or of the wrong form.",
    remedy: "See `berth --help` or `berth COMMAND --help`; the message names the nearest that exists.",
  },
  BERTH8002: {
    title: "Nobody is there to say yes",
    explanation:
      "The command would change something and asks first, but its input is not a terminal, as in CI.",
    remedy: "Look at `berth preview`, then say `--yes`.",
  },
  BERTH8003: {
    title: "Unknown code",
    explanation: "`berth help` was asked about a code that no room of this version has.",
    remedy: "Codes look like BERTH1002; `berth help --codes` lists them.",
  },
  BERTH8004: {
    title: "An unexpected failure",
    explanation:
      "berth met a situation that it has no words for: a bug. Nothing further was done; the journal holds what was.",
    remedy: "Run it again with BERTH_DEBUG=1 to see the stack, and report it with that.",
  },
  BERTH8005: {
    title: "A passphrase is missing",
    explanation:
      "The command needs a new passphrase. On a terminal it asks for it, twice; elsewhere it is taken from BERTH_NEW_PASSPHRASE.",
    remedy: "Set BERTH_NEW_PASSPHRASE, or run the command on a terminal and answer the same twice.",
  },
  BERTH8007: {
    title: "The file of a plan cannot be read",
    explanation:
      "`up --plan`, `plan show` or `plan check` was given a file that does not exist or may not be read.",
    remedy: "Name the file that `berth preview --out FILE` wrote.",
  },
  BERTH8008: {
    title: "The saved plan is stale",
    explanation:
      "`berth plan check` found that something which the plan was made from is another one now. `berth up --plan` would refuse it. The exit code is 2.",
    remedy: "Make the plan again: `berth preview --out FILE`, and have it approved again.",
  },
  BERTH8009: {
    title: "A plan with errors is not saved",
    explanation: "`preview --out` was said, and the plan has errors: nothing could apply it.",
    remedy: "Mend what the plan says is wrong, and run the preview again.",
  },
  BERTH8006: {
    title: "There are changes, and none were expected",
    explanation:
      "`--expect-no-changes` was said, and the plan has changes. Nothing was applied. The exit code is 2.",
    remedy:
      "Look at the plan. Where the changes are right, run `berth up` without `--expect-no-changes`; where they are drift, find out who made it.",
  },
  BERTH8010: {
    title: "No such output",
    explanation:
      "`berth stack outputs NAME` was asked for an output that the stack did not have when it was last applied.",
    remedy:
      "See `berth stack outputs`; an output is there once `berth up` has applied the program that exports it.",
  },
  BERTH8020: {
    title: "The file cannot be read or written",
    explanation:
      "A file that the command line names cannot be read, or is there already and would be overwritten.",
    remedy: "Check the name, the file's permissions and the disk.",
  },
  BERTH8021: {
    title: "There is no editor, or it failed",
    explanation: "`berth state edit` opens the editor that VISUAL or EDITOR names. Nothing was recorded.",
    remedy:
      "Set EDITOR (`EDITOR=vim berth state edit`), or use `berth state export`, edit the file, and `berth state import`.",
  },
});
