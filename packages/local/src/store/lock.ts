import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { BerthError, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";

const NAME = /^lock-([1-9]\d*)$/;

/**
 * One writer per folder. Each holder has a file `lock-{number}` with its process id. Whoever finds
 * only locks of dead processes makes the next number, which the file system lets only one do; so no
 * lock is ever taken away from somebody else's new one.
 *
 * Errors: BERTH5201 while another process holds it.
 */
export class FolderLock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static acquire(folder: string): FolderLock {
    mkdirSync(folder, { recursive: true });
    const found = locksIn(folder);
    refuseIfHeld(folder, found);
    const number = Math.max(0, ...found.map((each) => each.number)) + 1;
    const path = join(folder, `lock-${number}`);
    if (!create(path)) throw inUse(folder, holderOf(path));
    const lock = new FolderLock(path);
    try {
      refuseIfHeld(
        folder,
        locksIn(folder).filter((each) => each.number !== number),
      );
    } catch (error) {
      lock.release();
      throw error;
    }
    for (const dead of found) remove(join(folder, dead.name));
    return lock;
  }

  release(): void {
    remove(this.#path);
  }
}

interface FoundLock {
  readonly name: string;
  readonly number: number;
}

function locksIn(folder: string): FoundLock[] {
  return readdirSync(folder).flatMap((name) => {
    const number = NAME.exec(name)?.[1];
    return number === undefined ? [] : [{ name, number: Number(number) }];
  });
}

function refuseIfHeld(folder: string, locks: readonly FoundLock[]): void {
  for (const { name } of locks) {
    const holder = holderOf(join(folder, name));
    if (holder !== undefined && isAlive(holder)) throw inUse(folder, holder);
  }
}

/** The process that holds a lock; none where the file is gone or was never finished. */
function holderOf(path: string): number | undefined {
  try {
    const holder = Number(readFileSync(path, "utf8").trim());
    return Number.isSafeInteger(holder) && holder > 0 ? holder : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function create(path: string): boolean {
  try {
    const file = openSync(path, "wx");
    writeSync(file, `${process.pid}\n`);
    fsyncSync(file);
    closeSync(file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone already: that is what was wanted.
  }
}

function inUse(folder: string, holder: number | undefined): BerthError {
  const who = holder === undefined ? "another process" : `process ${holder}`;
  return new BerthError([
    problem(codes.BERTH5201, { message: `${who} has the local cloud in ${folder} open` }),
  ]);
}
