import { defineCodes } from "@berth/diagnostics";

/** Codes of the local cloud, 52xx. */
export const codes = defineCodes({
  BERTH5201: {
    title: "Local cloud in use",
    explanation:
      "Another process has this local cloud open. Two writers would overwrite each other, so the second one is refused.",
    remedy:
      "Wait until the process that the message names has ended. The lock of a process that died is taken over by itself.",
  },
  BERTH5202: {
    title: "Local cloud damaged",
    explanation:
      "The file that keeps the local cloud does not read back as it was written: a line's checksum is wrong, before the place where a write could have been cut off.",
    remedy:
      "Restore the file from a backup, or delete the folder of the local cloud and apply the stacks that live on it again.",
  },
  BERTH5203: {
    title: "Local cloud of a newer berth",
    explanation:
      "The file that keeps the local cloud was written in a format that this version does not know.",
    remedy: "Use the berth that wrote it, or a newer one.",
  },
  BERTH5204: {
    title: "Local cloud cannot be written",
    explanation: "The disk refused a write. Nothing of the request that it belonged to took effect.",
    remedy: "Look at what the message says of the disk (space, permissions) and try again.",
  },
  BERTH5205: {
    title: "Local cloud is read-only",
    explanation:
      "The local cloud was opened for reading, because it is only looked at here, and got a request that changes it.",
    remedy: "Open it for writing; then it must not be open anywhere else.",
  },
});
