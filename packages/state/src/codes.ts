import { defineCodes } from "@berth/diagnostics";

/** The codes of this room; `berth help CODE` prints them. */
export const stateCodes = defineCodes({
  BERTH4001: {
    title: "The stack is locked",
    explanation:
      "Another berth process works on this stack. Two operations at once would each record what the other did not know of, so only one may hold the lock. Previews need no lock.",
    remedy:
      "Wait until it ends, or end that process. A lock whose process is dead is taken over without asking. That of a process on another machine, as a CI job that was cancelled, is free a minute after its last renewal: try again then. `berth state unlock` shows who holds it and breaks it at once.",
  },
  BERTH4002: {
    title: "The lock was lost",
    explanation:
      "A stack's lock is a lease that berth renews every twenty seconds while it works, and checks at each write to the state. It found that the lock is gone or belongs to another process, as after the machine slept for more than a minute, so it stopped: what it knows may no longer be true.",
    remedy:
      "Nothing that was recorded is lost: the next `berth up` finds the operations whose end is not recorded and settles them before it does anything else.",
  },
  BERTH4003: {
    title: "The lock cannot be read",
    explanation:
      "The stack's lock does not say what berth writes into it, so berth cannot tell who holds it: a lock file was changed, or the lease of the journal's blob was taken with another tool, for ever.",
    remedy:
      "Make sure that no berth works on this stack. Then delete the lock file that the message names, or break the blob's lease (`az storage blob lease break`).",
  },
  BERTH4004: {
    title: "The state is damaged",
    explanation:
      "Every file of the state carries checksums over its bytes. A file was truncated, edited or damaged, and reading it anyway could make berth create something twice or forget something, so it is refused. A last journal line that was cut off while it was written is the one exception: it is what a crash leaves, and it is known not to count.",
    remedy:
      "Restore the stack's folder under `.berth/state` from a backup or from version control, or run `berth state repair`: it shows what it would keep and what is lost, asks, and keeps the damaged files. The message says which file it is and what is wrong with it.",
  },
  BERTH4005: {
    title: "The state was made by a newer berth",
    explanation:
      "The state's format has a version that this berth does not know. Reading it as an older format could drop what the newer berth recorded.",
    remedy: "Update berth to the version that your colleagues or your CI use.",
  },
  BERTH4006: {
    title: "The state belongs to another project or stack",
    explanation:
      "Names of project and stack are written into the state and are part of every resource's URN. They are not those of this folder.",
    remedy: "Check `name` in berth.yaml and that the folder under `.berth/state` was not copied or renamed.",
  },
  BERTH4007: {
    title: "The state is inconsistent",
    explanation:
      "The file is as it was written, but what it holds cannot be: a resource without URN, type or id, two with the same URN, or a dependency that is missing or does not come first. This is a mistake in berth or a state that was edited by hand.",
    remedy:
      "Run `berth state repair`, which shows what it would drop or leave out, and asks; or restore the stack's folder from a backup. Please report it with the message: berth verifies the same rules before it writes.",
  },
  BERTH4008: {
    title: "The stack's name cannot be used",
    explanation: "A stack's name is part of file names and of URNs.",
    remedy:
      "Use letters, digits, dot, dash and underscore, beginning with a letter or digit, at most 100 characters: `dev`, `prod-westeurope`.",
  },
  BERTH4009: {
    title: "The stack is not empty",
    explanation:
      "A stack whose state still records resources, or operations that were interrupted, is not removed: berth would forget what it made.",
    remedy: "Run `berth destroy` first.",
  },
  BERTH4010: {
    title: "The disk is full",
    explanation:
      "The state could not be written because there is no space left or a quota is reached. What was recorded before is still there and complete; nothing was started whose beginning could not be recorded.",
    remedy: "Free some space and run the command again: it goes on where this one stopped.",
  },
  BERTH4011: {
    title: "The state's files cannot be accessed",
    explanation: "The operating system refused to read or write a file of the state.",
    remedy:
      "Check the permissions of `.berth`, and that it lies on a file system that allows hard links and atomic renames.",
  },
  BERTH4012: {
    title: "Nothing more can be recorded",
    explanation:
      "An earlier write to the state failed, so everything after it is refused: a journal with a gap would be wrong. What had been recorded before is complete.",
    remedy:
      "Look at the first error. Once its cause is gone, run the command again: it goes on where this one stopped.",
  },
  BERTH4050: {
    title: "The backend's URL cannot be used",
    explanation:
      "`backend` in berth.yaml, or the environment's BERTH_BACKEND, says where the states of the stacks are kept. berth knows `file://FOLDER`, with a folder relative to berth.yaml, and `azblob://CONTAINER/PREFIX`, optionally with `?storage_account=NAME`.",
    remedy: "Write it in one of these forms, or leave it out: states are then in `.berth/state`.",
  },
  BERTH4051: {
    title: "There are no credentials for the storage account",
    explanation:
      "berth finds out who it is to the storage account from the environment, as the Azure command line does, and never from berth.yaml.",
    remedy:
      "Set AZURE_STORAGE_CONNECTION_STRING; or AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN; or AZURE_STORAGE_ACCOUNT alone, and run `npm install @azure/identity` in the project, so that berth signs in as `az login`, a managed identity or a workload identity does.",
  },
  BERTH4052: {
    title: "The storage account refuses the credentials",
    explanation:
      "The storage account answered that the credentials are wrong, have expired, or do not allow what berth must do: list, read, write and delete blobs of the container. Or, without a key, nobody is signed in.",
    remedy:
      "Run `az login`; renew the key or the signature (permissions `racwdl`); or give the identity the role Storage Blob Data Contributor on the container. A clock that is wrong by more than a quarter of an hour is refused too.",
  },
  BERTH4053: {
    title: "There is no such container",
    explanation:
      "The storage account was reached, but has no container of that name. berth does not make it: where states are kept, and who may read them, is for people to decide.",
    remedy:
      "Correct the name in the backend's URL, or make the container: `az storage container create --name NAME`.",
  },
  BERTH4054: {
    title: "The storage account did not do what it was asked",
    explanation:
      "The storage account could not be reached, or answered with an error that berth does not expect. What was recorded before is complete; nothing was started whose beginning could not be recorded.",
    remedy:
      "Check the account's name and the network, and run the command again: it goes on where this one stopped.",
  },
  BERTH4055: {
    title: "The lock was not broken",
    explanation:
      "A lock is broken for one holder, the one that was shown. It was given back, or somebody else took it meanwhile.",
    remedy: "Run `berth state unlock` again to see who holds the lock now, if anybody does.",
  },
  BERTH4030: {
    title: "The state cannot be repaired",
    explanation:
      "Nothing of the state's files can be told to be as it was written, and there is no older copy of it. Keeping any of it would be guessing.",
    remedy:
      "Restore the stack's folder under `.berth/state` from a backup or from version control. Where there is none, remove the damaged files and take what still exists into the stack again with `berth import`.",
  },
  BERTH4031: {
    title: "No such resource in the state",
    explanation: "A command about what is recorded named something that is not.",
    remedy:
      "`berth state list` names everything that is recorded. A resource is named by its path (`front/web`), by type and path (`kubernetes:Deployment::front/web`), or by its URN.",
  },
  BERTH4032: {
    title: "The name could mean several resources",
    explanation: "Resources of different types may have the same path.",
    remedy: "Name it by type and path: `kubernetes:Deployment::front/web`.",
  },
  BERTH4033: {
    title: "Others need it",
    explanation:
      "A resource that others depend on was to be forgotten. What is left would depend on nothing that berth knows of, and would not be deleted before it.",
    remedy:
      "Forget those too (`--with-dependents`), or change the program so that they do not need it, and run `berth up`.",
  },
  BERTH4034: {
    title: "It is protected",
    explanation: "A protected resource is neither deleted nor forgotten.",
    remedy:
      "`berth state unprotect NAME`, or `protect: false` in the program and `berth up`, then run the command again.",
  },
  BERTH4035: {
    title: "It cannot be moved there",
    explanation:
      "A move in the state changes the name under which a resource is recorded, and nothing else. The new name must be a name, of the same type, and free.",
    remedy: "Choose another name, or move or remove what is recorded under it first.",
  },
  BERTH4036: {
    title: "This is not a state that can be recorded",
    explanation:
      "An exported or edited state is verified before it is written: its shape, that every URN is there once, and that everything that a record needs is recorded.",
    remedy: "Correct what the messages name, in the file, and run the command again. Nothing was written.",
  },
  BERTH4037: {
    title: "Something recorded would be lost",
    explanation:
      "The state that was to be written is older than what is recorded, or lacks resources that the stack manages: they would stay where they are, and berth would know of them no more.",
    remedy: "Look at the difference. Where it is meant, say `--force`.",
  },
  BERTH4038: {
    title: "The state changed meanwhile",
    explanation:
      "While a state was being edited, something else was recorded for the stack. Writing what was edited would undo that.",
    remedy: "Run `berth state edit` again. What you had written is in the file that the message names.",
  },
  BERTH4020: {
    title: "A secret cannot be encrypted",
    explanation:
      "The stack's secrets are encrypted with a passphrase or with a key file, and that key is not at hand. Reading plans needs no key; recording a secret does.",
    remedy: "Set BERTH_PASSPHRASE, or restore `.berth/secrets.key`, as the message says.",
  },
  BERTH4021: {
    title: "This is not the key of the stack's secrets",
    explanation:
      "The passphrase or the key file differs from the one that the stack's secrets were encrypted with.",
    remedy:
      "Use the passphrase or key file with which the stack was made. To plan without any, unset BERTH_PASSPHRASE or move the key file away: secrets are then told apart by their digests alone.",
  },
  BERTH4022: {
    title: "The key file cannot be used",
    explanation: "The key file does not hold what berth writes into it, or cannot be read.",
    remedy:
      "Restore `.berth/secrets.key` from a backup. Without it the stack's secrets cannot be decrypted; nothing else is lost.",
  },
});
