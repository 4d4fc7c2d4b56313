import { access, copyFile, rename, rm, writeFile } from "node:fs/promises";
import { constants } from "node:fs";
import { join } from "node:path";
import { BerthError, problem } from "@berth/diagnostics";
import type { StateBackend } from "@berth/state";
import { codes } from "../codes.ts";
import { checkName } from "../project/project-file.ts";
import { stackFileName, stacksWithFiles } from "../project/stack-file.ts";
import { existsAlready, forgetAll, renameRecordedStack } from "./rename-stack.ts";
import { readSelection, writeSelection } from "./stack-selection.ts";

/** Where a project's stacks are. */
export interface StacksPlace {
  /** Absolute path of the project's folder, with the stacks' files. */
  readonly directory: string;
  readonly dataFolder: string;
  readonly backend: StateBackend;
}

/** The stacks of a project: which there are, and how they come and go. A stack is there that has a file or a state. */
export class ProjectStacks {
  readonly #place: StacksPlace;

  constructor(place: StacksPlace) {
    this.#place = place;
  }

  /** Names, sorted. */
  async list(): Promise<readonly string[]> {
    const { directory, backend } = this.#place;
    const [files, states] = await Promise.all([stacksWithFiles(directory), backend.list()]);
    return [...new Set([...files, ...states])].toSorted();
  }

  /**
   * Makes a stack: its file, to be filled with values.
   *
   * @param copyFrom - a stack whose values it begins with, secrets and their key included
   * @throws BERTH7003 where there is one of that name, BERTH7204
   */
  async create(name: string, { copyFrom }: { readonly copyFrom?: string } = {}): Promise<void> {
    const { directory } = this.#place;
    checkName("stack", name);
    if ((await this.list()).includes(name)) throw existsAlready(name);
    const path = join(directory, stackFileName(name));
    if (copyFrom === undefined) return writeFile(path, "config: {}\n", { flag: "wx" });
    await copyFile(join(directory, stackFileName(copyFrom)), path, constants.COPYFILE_EXCL);
  }

  /**
   * Removes a stack's state and file.
   *
   * @param force - also where resources are recorded, which then stay where they are, and are nobody's
   * @throws BERTH4009 where resources are recorded
   */
  async remove(name: string, { force = false }: { readonly force?: boolean } = {}): Promise<void> {
    const { directory, dataFolder, backend } = this.#place;
    if (force) {
      const session = await backend.lock(name, { operation: "stack rm" });
      try {
        await forgetAll(session);
      } finally {
        await session.release();
      }
    }
    await backend.remove(name);
    await rm(join(directory, stackFileName(name)), { force: true });
    if ((await this.selected()) === name) await writeSelection(dataFolder, undefined);
  }

  /**
   * Gives a stack another name, in its state, its file, and where it is selected.
   *
   * @throws BERTH4001, BERTH7003, BERTH7004, BERTH7204
   */
  async rename(from: string, to: string): Promise<void> {
    const { directory, dataFolder, backend } = this.#place;
    checkName("stack", to);
    const [before, after] = [from, to].map((each) => join(directory, stackFileName(each))) as [
      string,
      string,
    ];
    if (from === to || ((await exists(before)) && (await exists(after)))) throw existsAlready(to);
    await renameRecordedStack(backend, from, to);
    if (await exists(before)) await rename(before, after);
    if ((await this.selected()) === from) await writeSelection(dataFolder, to);
  }

  /** The stack that commands mean where they name none: a default of this checkout. */
  async selected(): Promise<string | undefined> {
    return readSelection(this.#place.dataFolder);
  }

  /** Selects a stack, or with `undefined` none. The caller has seen that it is there. */
  async select(name: string | undefined): Promise<void> {
    await writeSelection(this.#place.dataFolder, name);
  }
}

/** @returns BERTH7001 for a selection whose stack is gone */
export function selectionIsGone(project: string, name: string): BerthError {
  const message = `the selected stack ${JSON.stringify(name)} of the project ${project} is gone`;
  const hint = "select another one with `berth stack select NAME`, or none with `berth stack select --none`";
  return new BerthError([problem(codes.BERTH7001, { message, hint })]);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
