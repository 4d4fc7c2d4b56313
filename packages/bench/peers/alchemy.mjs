/**
 * Creates custom resources with alchemy, and runs the same program again when nothing changed:
 * `alchemy.mjs FOLDER COUNT file|memory`. Prints milliseconds as JSON.
 */
import alchemy, { Resource } from "alchemy";
import { timePhases } from "./run.mjs";

const [folder, count, kind] = process.argv.slice(2);

const Item = Resource("bench::Item", async function (id, props) {
  return this.phase === "delete" ? this.destroy() : { ...props, id: `id of ${id}` };
});

/** The least that a state store can do: it keeps what it is given, and writes nothing anywhere. */
class MemoryStore {
  static #all = new Map();
  #own;

  constructor(scope) {
    const key = scope.chain.join("/");
    this.#own = MemoryStore.#all.get(key) ?? new Map();
    MemoryStore.#all.set(key, this.#own);
  }

  list = async () => [...this.#own.keys()];
  count = async () => this.#own.size;
  get = async (key) => this.#own.get(key);
  getBatch = async (keys) => Object.fromEntries(keys.map((key) => [key, this.#own.get(key)]));
  all = async () => Object.fromEntries(this.#own);
  set = async (key, state) => void this.#own.set(key, { ...state });
  delete = async (key) => void this.#own.delete(key);
}

/** Every tenth takes an output of the one before it. `sequential`: each is awaited, as in alchemy's documentation; else all begin at once. */
async function program(sequential) {
  const app = await alchemy("bench", {
    stage: "scale",
    phase: "up",
    quiet: true,
    noTrack: true,
    rootDir: folder,
    ...(kind === "memory" && { stateStore: (scope) => new MemoryStore(scope) }),
  });
  const items = [];
  for (let i = 0; i < Number(count); i++) {
    const inputs = { size: i, enabled: true, zones: ["1", "2"], tags: { team: "a" } };
    const before = items[i - 1];
    items.push(
      i % 10 === 9
        ? before.then(({ id }) => Item(`item${i}`, { label: id, ...inputs }))
        : Item(`item${i}`, { label: `item ${i}`, ...inputs }),
    );
    if (sequential) await items[i];
  }
  await Promise.all(items);
  await app.finalize();
}

await timePhases(
  {
    create: { rounds: 1, run: () => program(false) },
    again: { run: () => program(false) },
    sequential: { rounds: 3, run: () => program(true) },
  },
  5,
);
// It stays alive otherwise.
process.exit(0);
