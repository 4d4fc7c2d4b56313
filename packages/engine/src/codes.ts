import { defineCodes } from "@berth/diagnostics";

/** The codes of this room; `berth help CODE` prints them. */
export const engineCodes = defineCodes({
  BERTH6002: {
    title: "A provider is missing",
    explanation: "A step needs a provider that this project does not have. Nothing was changed.",
    remedy:
      "Install the package that brings the provider, or correct the name in the resource type's definition.",
  },
  BERTH6003: {
    title: "The world keeps changing",
    explanation:
      "Between planning and applying, clusters or state changed again and again, so that no plan that was approved could still be applied as it was shown.",
    remedy:
      "Wait until other changes to these clusters have come to rest (rollouts, autoscalers, other tools) and run the command again.",
  },
  BERTH6004: {
    title: "An input is still not known",
    explanation:
      "All steps that this one depends on are done, and yet a part of its inputs has no value: the provider did not answer an output that it promised, or a secret of the state cannot be read without its key.",
    remedy:
      "If the message names a secret, set BERTH_PASSPHRASE or restore `.berth/secrets.key`. Otherwise this is a mistake in the provider of the resource that the message names.",
  },
  BERTH6005: {
    title: "A step would do something else than the plan showed",
    explanation:
      "When the step's inputs became known, a part that the plan had shown as certain turned out to be different: an `apply` callback that is not pure, or a provider that answered something else than was predicted. The step was not started.",
    remedy:
      "Look at the `apply` callbacks on the way to the property: they must give the same answer each time. Then run `berth preview` again.",
  },
  BERTH6006: {
    title: "A provider failed",
    explanation:
      "The provider answered with an error that has no code of its own. What was done before is recorded.",
    remedy:
      "Read the message. Run the command again when its cause is gone: it goes on where this one stopped.",
  },
  BERTH6007: {
    title: "An interrupted creation met something that is not ours",
    explanation:
      "An earlier operation was killed while it created a resource. Under that resource's name there is something now that does not carry the mark of that operation, so berth did not make it and will not touch it. The interrupted creation is settled as never having happened.",
    remedy: "Rename the resource, or remove or import what exists. Then run the command again.",
  },
  BERTH6008: {
    title: "A cluster cannot be observed",
    explanation:
      "The provider could not read what the cluster holds, and a plan that is to be applied needs to know. Previews fall back to the snapshot that the last `up` saved, with this as a warning.",
    remedy:
      "Check that the cluster can be reached with the credentials at hand. `berth preview --offline` does not try.",
  },
  BERTH6009: {
    title: "The operation was cancelled",
    explanation:
      "It was interrupted while it ran. Running steps were finished and recorded, no others were started.",
    remedy: "Run the command again: it goes on where this one stopped.",
  },
  BERTH6010: {
    title: "The configuration of a provider is not at hand",
    explanation:
      "The resource was made with a provider that the program configured (`{ provider }`), and what the state keeps of that configuration cannot be read. It is not touched with the provider's defaults instead, since they may name another account.",
    remedy: "Set BERTH_PASSPHRASE or restore `.berth/secrets.key`, and run the command again.",
  },
  BERTH6030: {
    title: "A resource cannot be read",
    explanation:
      "What is recorded was to be read as it is now, and its provider did not answer. Where drift is only shown, what was not read is taken as it is recorded, with this as a warning.",
    remedy:
      "Check network and credentials. `berth preview` without `--refresh` and `--drift` plans from what is recorded.",
  },
  BERTH6031: {
    title: "A resource does not carry the stack's mark",
    explanation:
      "What exists under the recorded id was not made by the operation that the state remembers, or lost the tag or annotation by which berth knows its own. It may have been deleted, and made anew by somebody else.",
    remedy:
      "See who made it. If it is this stack's, `berth import` takes it in again after `berth state rm`; if not, give the resource another name.",
  },
  BERTH6032: {
    title: "What is imported changed",
    explanation:
      "When it was to be taken into the stack, it was not there any more, or not as the program says and as the plan had found it. Nothing was done to it.",
    remedy: "Run `berth preview` again: it shows what is there now.",
  },
  BERTH6033: {
    title: "What is read is not there",
    explanation:
      "The program reads a resource (`X.get`) by an id that became known while the plan was carried out, and the provider finds nothing under it.",
    remedy: "Correct the id, or what it is made of, and run the command again.",
  },
  BERTH6034: {
    title: "Resources of an unknown type are not looked at",
    explanation:
      "The state has resources of a type that neither berth nor the program defines any more. Nothing is known of what their provider would answer, so they stand as they are recorded.",
    remedy:
      "Install the package that defines the type, or declare the type in the program again, and refresh once more. `berth state rm` takes the resources out of the state.",
  },
  BERTH6035: {
    title: "Not a type that can be imported",
    explanation:
      "What is to be imported is of a type that nobody defines, or that cannot be written as a program.",
    remedy:
      "See the spelling: `azure:NodePool`, `kubernetes:Deployment`. A type of your own program can be imported with the option `import`.",
  },
  BERTH6036: {
    title: "There is nothing to import",
    explanation:
      "The provider finds nothing under this id, or nothing in this container that berth has types for.",
    remedy:
      "Correct the id: for Azure the resource's ARM id, for Kubernetes `apps/v1 Deployment namespace/name`.",
  },
  BERTH6037: {
    title: "Which cluster is meant is not clear",
    explanation:
      "Objects of Kubernetes live on a cluster of the stack. None was named, or the name is not that of a recorded cluster.",
    remedy:
      "Say the cluster's logical name: `berth stack show` lists it. A cluster that the stack does not have yet is imported first.",
  },
  BERTH6070: {
    title: "A hook failed",
    explanation:
      "A function of the option `hooks` threw. Where it is called before something is done, nothing was asked for. Where it is called afterwards, what was done is recorded; the operation ends as failed, and nothing that depends on it was started.",
    remedy: "Correct what the hook complains about, or the hook, and run the command again.",
  },
  BERTH6071: {
    title: "A deletion calls a hook that is not at hand",
    explanation:
      "The resource was made with a hook that its deletion must call. Only the program has the function: this operation did not run it, or the program does not name the hook any more. Nothing was changed.",
    remedy:
      'Run `berth destroy --run-program`, which runs the program for its hooks. If the program has lost the hook, bring it back: `hook("NAME", …)`.',
  },
  BERTH6072: {
    title: "An operation took too long",
    explanation:
      "The provider did not answer within the time that the option `customTimeouts` gives it. What was asked for may have been done all the same, or be under way: it is looked at, and where that does not tell, it stays pending and the next run finds out.",
    remedy:
      'Run the command again. Give more time where the operation needs it: `customTimeouts: { create: "45m" }`.',
  },
  BERTH6050: {
    title: "A saved plan cannot be read",
    explanation:
      "The file is no saved plan, or a byte of it is not as berth wrote it. A saved plan carries a checksum over every byte, so that nobody applies what nobody approved.",
    remedy: "Make the plan again: `berth preview --out FILE`. A plan is not edited; what it is made from is.",
  },
  BERTH6051: {
    title: "A saved plan of a newer version",
    explanation: "The file was written by a newer berth, which keeps more in it than this one knows.",
    remedy: "Use the berth that wrote it, or make the plan again with this one: `berth preview --out FILE`.",
  },
  BERTH6052: {
    title: "A saved plan is stale",
    explanation:
      "The program, the configuration, the state, what a cluster holds, or a catalogue is not what the plan was made from. Nothing was changed: what was approved could not be done as it was shown.",
    remedy:
      "Look at what moved, make the plan again (`berth preview --out FILE`), and have it approved again. `berth plan check FILE` says in a moment whether a plan is still fresh.",
  },
  BERTH6053: {
    title: "A saved plan of something else",
    explanation:
      "The plan in the file is of another stack or project, or for another operation than the one that was asked for.",
    remedy: "Name the stack that the plan is of, or make a plan of this one: `berth preview --out FILE`.",
  },
  BERTH6054: {
    title: "Planned again, a saved plan comes out otherwise",
    explanation:
      "All that the file says the plan rests on is as it was, and yet the plan that is made now is not the one in the file: the file was made by hand, or the program gives other values to the same declarations (it reads the clock, the environment, or a file). Nothing was changed.",
    remedy:
      "Make the plan again: `berth preview --out FILE`. What a program reads besides its configuration makes its plans unfit to be saved.",
  },
});
