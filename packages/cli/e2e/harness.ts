import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Plan } from "@berth/automation";
import { type Fault, faultEnvironment } from "@berth/state/testing";

const workspaceRoot = resolve(import.meta.dirname, "../../..");

/** The built command, as users have it. */
export const berthFile = join(workspaceRoot, "packages/cli/dist/berth.js");

/** Azure's quickstart store. */
export const storeFolder = join(workspaceRoot, "examples/aks-store");

/** How a command ended. */
export interface Ended {
  /** `null`: a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command is run with, beside its words. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What happens to one of its writes to the disk. */
  readonly fault?: Fault;
  /** Called with each piece of the error stream, where progress is told. */
  readonly onProgress?: (text: string, signal: Running["signal"]) => void;
  /** Run on a terminal, which has one stream, and on which this answers what is asked. */
  readonly answer?: { readonly to: string; readonly with: string };
  /** What the input gives, where it is no terminal. */
  readonly input?: string;
}

/** Whether {@link RunOptions.answer} can be: there is a program that makes terminals. */
export const hasTerminals =
  spawnSync("script", ["-qec", "true", "/dev/null"], { stdio: "ignore" }).status === 0;

/** A command that runs. */
export interface Running {
  readonly ended: Promise<Ended>;
  readonly signal: (signal: NodeJS.Signals) => void;
}

/** Files of a project by path; the smallest has a `main.ts`. */
export type Files = Readonly<Record<string, string>>;

/**
 * A project in a temporary folder, and the built command on it, in processes of their own that see
 * nothing of this one's environment: no HOME, no CI, no colours that were asked for.
 *
 * @example
 * using project = ProjectFolder.of({ "main.ts": 'export const answer = 42;\n' });
 * const { code } = await project.berth("up", "--yes");
 */
export class ProjectFolder implements Disposable {
  /** Absolute. */
  readonly path: string;
  readonly #temporary: string;
  readonly #running = new Set<ChildProcess>();

  private constructor(name: string) {
    this.#temporary = realpathSync(mkdtempSync(join(tmpdir(), "berth-e2e-")));
    this.path = join(this.#temporary, name);
    mkdirSync(this.path);
    mkdirSync(join(this.#temporary, "home"));
  }

  /** A project with these files; `berth.yaml` names `main.ts` where it is not among them. */
  static of(files: Files, name = "project"): ProjectFolder {
    const project = new ProjectFolder(name);
    for (const [file, text] of Object.entries({ "berth.yaml": "name: test\nentry: main.ts\n", ...files })) {
      project.write(file, text);
    }
    return project;
  }

  /** A folder without a project. */
  static empty(name = "project"): ProjectFolder {
    return new ProjectFolder(name);
  }

  /** A copy of the store, without what was made in the example's folder. */
  static store(name = "aks-store"): ProjectFolder {
    return ProjectFolder.copy(storeFolder, name);
  }

  /** A copy of a folder; of a project with its state and its local cloud. */
  static copy(from: string, name = "project"): ProjectFolder {
    const project = new ProjectFolder(name);
    const own = from === storeFolder ? /(^|\/)(node_modules|\.berth)(\/|$)/ : /(^|\/)node_modules(\/|$)/;
    cpSync(from, project.path, { recursive: true, filter: (path) => !own.test(relative(from, path)) });
    return project;
  }

  write(file: string, text: string): void {
    const path = join(this.path, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), "utf8");
  }

  has(file: string): boolean {
    return existsSync(join(this.path, file));
  }

  remove(file: string): void {
    rmSync(join(this.path, file), { recursive: true, force: true });
  }

  /** Changes a file as a person does: this text becomes that; there must be exactly one place. */
  edit(file: string, from: string, to: string): void {
    const parts = this.read(file).split(from);
    if (parts.length !== 2)
      throw new Error(`${file} has ${parts.length - 1} places for ${JSON.stringify(from)}`);
    this.write(file, parts.join(to));
  }

  /** Runs `berth` in the project's folder. */
  async berth(...words: readonly string[]): Promise<Ended> {
    return this.run(words);
  }

  async run(words: readonly string[], options?: RunOptions): Promise<Ended> {
    return this.start(words, options).ended;
  }

  start(words: readonly string[], { env = {}, fault, onProgress, answer, input }: RunOptions = {}): Running {
    const command = [process.execPath, berthFile, ...words];
    const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    const [file = "", ...rest] = answer ? ["script", "-qefc", quoted, "/dev/null"] : command;
    const child = spawn(file, rest, {
      cwd: this.path,
      env: {
        PATH: process.env["PATH"],
        HOME: join(this.#temporary, "home"),
        // Most tests are about words, and not about where lines end.
        COLUMNS: "1000",
        ...env,
        ...(fault && faultEnvironment(fault)),
      },
      stdio: "pipe",
    });
    if (!answer) child.stdin.end(input);
    this.#running.add(child);
    const send = (signal: NodeJS.Signals): void => void child.kill(signal);
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const isAsked = answer && !stdout.includes(answer.to) && (stdout + text).includes(answer.to);
      stdout += text;
      if (isAsked) child.stdin.end(answer.with);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      onProgress?.(text, send);
    });
    const ended = once(child, "close").then((how): Ended => {
      this.#running.delete(child);
      const [code, signal] = how as [number | null, NodeJS.Signals | null];
      return { code, signal, stdout, stderr };
    });
    return { ended, signal: send };
  }

  /** What `preview` plans; fails where it fails. */
  async plan(...words: readonly string[]): Promise<Plan> {
    const { code, stdout, stderr } = await this.berth("preview", "--json", ...words);
    if (code !== 0) throw new Error(`berth preview exited with ${code}:\n${lastLines(stderr)}`);
    return JSON.parse(stdout) as Plan;
  }

  /** Runs a command that must end with 0. */
  async succeed(...words: readonly string[]): Promise<Ended> {
    const ended = await this.berth(...words);
    if (ended.code !== 0)
      throw new Error(`berth ${words.join(" ")} exited with ${ended.code}:\n${lastLines(ended.stderr)}`);
    return ended;
  }

  /**
   * What berth keeps below a folder of the project: bytes by path, sorted; but for locks, which stay behind, given
   * back, so that the next one's number is greater.
   */
  bytes(folder = ".berth"): ReadonlyMap<string, string> {
    const path = join(this.path, folder);
    if (!existsSync(path)) return new Map();
    const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    const kept = files.filter((each) => !/^lock\.\d+$/.test(each.name));
    const paths = kept.map((each) => join(each.parentPath, each.name)).toSorted();
    return new Map(paths.map((each) => [relative(this.path, each), readFileSync(each, "base64")]));
  }

  /** Text with this project's folder written as `PROJECT`, the same wherever it is. */
  anywhere(text: string): string {
    return text.replaceAll(this.path, "PROJECT");
  }

  [Symbol.dispose](): void {
    for (const child of this.#running) child.kill("SIGKILL");
    rmSync(this.#temporary, { recursive: true, force: true });
  }
}

/** What went wrong, without the plan above it. */
function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-12).join("\n");
}

/** Waits until something holds. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(10);
}

/** Does something with each of many, a few at a time. */
export async function inLanes<T>(
  lanes: number,
  many: Iterable<T>,
  run: (each: T) => Promise<void>,
): Promise<void> {
  const waiting = many[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) await run(next.value);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
