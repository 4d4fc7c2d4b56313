import { openProject, type SecretsTarget } from "@berth/automation";
import { BerthError, problem } from "@berth/diagnostics";
import { codes } from "../../codes.ts";
import type { ChangeSecretsOptions } from "../../command-line/stack.ts";
import { chosenStack } from "../../stack-choice.ts";
import type { Terminal } from "../../terminal.ts";

/** `berth stack change-secrets`: BERTH_PASSPHRASE, or the key file, opens what is there. */
export async function changeStackSecrets(options: ChangeSecretsOptions, terminal: Terminal): Promise<void> {
  const project = await openProject(options);
  const { name } = await project.chooseExisting(chosenStack(options));
  const to: SecretsTarget =
    options.to === "key-file" ? "key-file" : { passphrase: await newPassphrase(terminal) };
  const { state, config } = await project.changeSecrets(name, to);
  const what =
    state + config === 0
      ? "No secret had another key."
      : `Encrypted anew: ${state} in the state, ${config} in the configuration.`;
  terminal.say(`${what}\n`);
  if (state + config > 0 && to !== "key-file")
    terminal.say("From now on BERTH_PASSPHRASE is the new passphrase.\n");
}

async function newPassphrase(terminal: Terminal): Promise<string> {
  const given = process.env["BERTH_NEW_PASSPHRASE"];
  if (given) return given;
  if (!terminal.interactive) {
    const message = "there is no new passphrase: BERTH_NEW_PASSPHRASE is not set, and nobody can be asked";
    throw new BerthError([problem(codes.BERTH8005, { message })]);
  }
  const first = await terminal.secret("New passphrase: ");
  const second = await terminal.secret("The same again: ");
  if (first !== "" && first === second) return first;
  const message = first === "" ? "the new passphrase is empty" : "the two passphrases are not the same";
  throw new BerthError([problem(codes.BERTH8005, { message })]);
}
