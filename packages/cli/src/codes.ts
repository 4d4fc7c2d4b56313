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
    title: "No such configuration value",
    explanation: "`berth config get` was asked for a key that the stack's configuration does not have.",
    remedy: "Set it with `berth config set KEY VALUE`, or see `berth config list`.",
  },
  BERTH8006: {
    title: "There are changes, and none were expected",
    explanation:
      "`--expect-no-changes` was said, and the plan has changes. Nothing was applied. The exit code is 2.",
    remedy:
      "Look at the plan. Where the changes are right, run `berth up` without `--expect-no-changes`; where they are drift, find out who made it.",
  },
});
