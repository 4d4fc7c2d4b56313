import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { BerthError, problem } from "@berth/diagnostics";
import { codes } from "../codes.ts";
import type { Json } from "./json.ts";

/** One value that a transaction wrote: collection, key, and the value or `null` where it was deleted. */
export type Change = readonly [collection: string, key: string, value: Json];

/** Where transactions are kept. */
export interface Log {
  /** Reads all that was appended, oldest first. */
  read(): Iterable<readonly Change[]>;
  /** Appends a transaction; when it returns, the disk has it. If it throws, nothing was appended. */
  append(changes: readonly Change[]): void;
  /** Replaces all transactions by one that has the same effect. */
  compact(changes: Iterable<Change>): void;
  /** Bytes appended so far. */
  readonly size: number;
  close(): void;
}

const HEADER = "berth-local 1\n";
/** The cloud holds what a cloud holds, the values of secrets too: nobody else reads it. */
const ownerOnly = 0o600;

/**
 * A log in a file: a header, then a line per transaction, `{crc32 of the JSON} {JSON}`. What a
 * killed process left unfinished at the end was never acknowledged, and is cut off.
 */
export class FileLog implements Log {
  readonly #path: string;
  readonly #isReadOnly: boolean;
  #file: number | undefined;
  size = 0;

  constructor(path: string, options: { readonly readOnly?: boolean } = {}) {
    this.#path = path;
    this.#isReadOnly = options.readOnly ?? false;
  }

  *read(): Iterable<readonly Change[]> {
    if (!existsSync(this.#path)) return;
    const bytes = readFileSync(this.#path);
    if (bytes.length < HEADER.length && HEADER.startsWith(bytes.toString("latin1"))) return;
    this.#checkHeader(bytes);
    let start = HEADER.length;
    this.size = start;
    for (let line = 2; start < bytes.length; line++) {
      const end = bytes.indexOf(10, start);
      if (end < 0 || bytes.subarray(start, end).includes(0)) return;
      yield this.#parse(bytes.subarray(start, end), line);
      start = end + 1;
      this.size = start;
    }
  }

  append(changes: readonly Change[]): void {
    const bytes = encode(changes);
    this.#guarded(() => {
      const file = this.#open();
      try {
        writeWhole(file, bytes, this.size);
        fsyncSync(file);
      } catch (error) {
        ftruncateSync(file, this.size);
        throw error;
      }
      this.size += bytes.length;
    });
  }

  compact(changes: Iterable<Change>): void {
    const bytes = Buffer.concat([Buffer.from(HEADER), encode([...changes])]);
    this.#guarded(() => {
      const next = `${this.#path}.next`;
      const file = openSync(next, "w", ownerOnly);
      try {
        writeWhole(file, bytes, 0);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      this.close();
      renameSync(next, this.#path);
      syncFolder(dirname(this.#path));
      this.size = bytes.length;
    });
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #open(): number {
    if (this.#file !== undefined) return this.#file;
    const isNew = this.size === 0;
    if (isNew) mkdirSync(dirname(this.#path), { recursive: true });
    const file = openSync(this.#path, isNew ? "w" : "r+", ownerOnly);
    this.#file = file;
    if (isNew) {
      writeWhole(file, Buffer.from(HEADER), 0);
      syncFolder(dirname(this.#path));
      this.size = HEADER.length;
    }
    ftruncateSync(file, this.size);
    return file;
  }

  #checkHeader(bytes: Buffer): void {
    const header = bytes.subarray(0, HEADER.length).toString("latin1");
    if (header === HEADER) return;
    const isNewer = header.startsWith("berth-local ");
    throw new BerthError([
      problem(isNewer ? codes.BERTH5203 : codes.BERTH5202, {
        message: `${this.#path} begins with ${JSON.stringify(header)}`,
      }),
    ]);
  }

  #parse(line: Buffer, number: number): readonly Change[] {
    const checksum = line.subarray(0, 8).toString("latin1");
    const json = line.subarray(9);
    if (line[8] === 32 && checksum === checksumOf(json))
      return JSON.parse(json.toString("utf8")) as readonly Change[];
    throw new BerthError([
      problem(codes.BERTH5202, { message: `${this.#path}:${number} has a wrong checksum` }),
    ]);
  }

  #guarded(write: () => void): void {
    if (this.#isReadOnly)
      throw new BerthError([problem(codes.BERTH5205, { message: `${this.#path} is open for reading only` })]);
    try {
      write();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new BerthError([problem(codes.BERTH5204, { message: `${this.#path}: ${reason}` })], {
        cause: error,
      });
    }
  }
}

/** A log that forgets: for clouds in memory. */
export class NoLog implements Log {
  readonly size = 0;
  read(): Iterable<readonly Change[]> {
    return [];
  }
  append(): void {}
  compact(): void {}
  close(): void {}
}

function encode(changes: readonly Change[]): Buffer {
  const json = Buffer.from(JSON.stringify(changes));
  return Buffer.concat([Buffer.from(`${checksumOf(json)} `), json, Buffer.from("\n")]);
}

function checksumOf(json: Buffer): string {
  return crc32(json).toString(16).padStart(8, "0");
}

function writeWhole(file: number, bytes: Buffer, position: number): void {
  for (let written = 0; written < bytes.length;) {
    written += writeSync(file, bytes, written, bytes.length - written, position + written);
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
