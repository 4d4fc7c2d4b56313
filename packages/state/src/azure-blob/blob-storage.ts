import type { BlobClient, ContainerClient } from "@azure/storage-blob";
import { decodeText } from "../damage.ts";
import type { LeaseTimes } from "../lease.ts";
import { lockLost } from "../lock-error.ts";
import type { HeldStorage, KeptSnapshot, StackStorage, StackTexts } from "../storage.ts";
import { blobError, isMissing, isRefusal } from "./blob-error.ts";
import { blobLockHolder, type BlobLock, breakBlobLock, takeBlobLock } from "./blob-lock.ts";

/** A blob takes 50,000 appends; each of ours may be several, where it is large. */
const maxAppends = 10_000;
/** Bytes of one append, as old versions of the service take them too. */
const appendSize = 4 * 1024 * 1024;

/** How many of the kept snapshots are looked at, the newest first, when a state is repaired. */
const historyRead = 20;

/** Where a stack's blobs are. */
export interface BlobStackPlace {
  readonly container: ContainerClient;
  /** `prefix/project/stack/` */
  readonly folder: string;
  readonly stack: string;
  /** `azblob://container/prefix/project/stack`, for messages. */
  readonly location: string;
  readonly lease: LeaseTimes;
}

interface Downloaded {
  readonly bytes: Buffer;
  readonly text: string;
  readonly etag: string;
}

/** One stack's blobs. */
export class BlobStorage {
  readonly #place: BlobStackPlace;
  readonly snapshotName: string;
  readonly journalName: string;
  /** ETag of the snapshot that was read last; `undefined`: there was none. */
  #etag: string | undefined;

  constructor(place: BlobStackPlace) {
    this.#place = place;
    this.snapshotName = `${place.location}/snapshot.json`;
    this.journalName = `${place.location}/journal.jsonl`;
  }

  get #journal() {
    return this.#place.container.getAppendBlobClient(`${this.#place.folder}journal.jsonl`);
  }

  #blob(name: string) {
    return this.#place.container.getBlockBlobClient(this.#place.folder + name);
  }

  /**
   * Snapshot and journal of one moment: read again until the snapshot has stayed the same meanwhile. An
   * empty blob stands for none.
   */
  async read(): Promise<StackTexts> {
    const { journalName } = this;
    for (let attempt = 0; ; attempt++) {
      const snapshot = await download(this.#blob("snapshot.json"));
      const journal = await download(this.#journal);
      this.#etag = snapshot?.etag;
      if (attempt === 100 || (await this.#currentEtag()) === snapshot?.etag)
        return { snapshot: snapshot?.text || undefined, journal: journal?.text || undefined, journalName };
    }
  }

  async readCluster(key: string): Promise<string | undefined> {
    return (await download(this.#blob(`clusters/${key}.json`)))?.text;
  }

  async readHistory(): Promise<readonly KeptSnapshot[]> {
    const serials = (await this.list("history/")).flatMap((name) => /^(\d+)\.json$/.exec(name)?.[1] ?? []);
    const newest = serials.toSorted((a, b) => Number(b) - Number(a)).slice(0, historyRead);
    const kept: KeptSnapshot[] = [];
    for (const serial of newest) {
      const found = await download(this.#blob(`history/${serial}.json`));
      const name = `${this.#place.location}/history/${serial}.json`;
      if (found) kept.push({ name, text: found.text });
    }
    return kept;
  }

  /** Copies snapshot and journal as they are; answers the names of the copies. */
  async keepDamaged(fence: number): Promise<readonly string[]> {
    const kept: string[] = [];
    for (const name of ["snapshot.json", "journal.jsonl"]) {
      const found = await download(this.#blob(name));
      if (!found || found.text === "") continue;
      const copy = `${name}.damaged-${fence}`;
      await this.#blob(copy).upload(found.bytes, found.bytes.length);
      kept.push(`${this.#place.location}/${copy}`);
    }
    return kept;
  }

  holder() {
    return blobLockHolder(this.#journal);
  }

  unlock(holderId: string): Promise<void> {
    return breakBlobLock(this.#journal, this.#place.stack, holderId);
  }

  async lock(operation: string, above: number): Promise<BlobLock> {
    const { stack, lease: times } = this.#place;
    const lock = await takeBlobLock({
      journal: this.#journal,
      name: this.journalName,
      stack,
      operation,
      times,
      above,
    });
    if (lock.isTakenOver) await this.#disown(lock.fence);
    return lock;
  }

  /**
   * Gives the snapshot a new ETag, and an empty one to a stack that has none: whoever lost the lock, and
   * is about to replace the snapshot that it knows, is refused.
   */
  async #disown(fence: number): Promise<void> {
    const snapshot = this.#blob("snapshot.json");
    try {
      await snapshot.setMetadata({ fence: String(fence) });
    } catch (error) {
      if (!isMissing(error)) throw error;
      await snapshot.upload("", 0, { conditions: { ifNoneMatch: "*" } }).catch((late: unknown) => {
        if (!isRefusal(late, "BlobAlreadyExists")) throw late;
      });
    }
  }

  async writeSnapshot(text: string, serial: number): Promise<void> {
    const snapshot = this.#blob("snapshot.json");
    const bytes = Buffer.from(text);
    const conditions = this.#etag === undefined ? { ifNoneMatch: "*" } : { ifMatch: this.#etag };
    try {
      this.#etag = (await snapshot.upload(bytes, bytes.length, { conditions })).etag;
    } catch (error) {
      if (!isRefusal(error, "ConditionNotMet", "BlobAlreadyExists")) throw error;
      // It may be there already, where the answer to a first attempt was lost.
      const found = await download(snapshot);
      if (found?.text !== text) throw lockLost(this.#place.stack, await this.holder());
      this.#etag = found.etag;
    }
    const kept = this.#blob(`history/${serial}.json`);
    await kept.upload(bytes, bytes.length, { conditions: { ifNoneMatch: "*" } }).catch((error: unknown) => {
      if (!isRefusal(error, "BlobAlreadyExists")) throw error;
    });
  }

  /** @param position - where the journal ends; answers where it ends then */
  async append(lock: BlobLock, text: string, position: number): Promise<number> {
    let at = position;
    for (const bytes of inChunks(Buffer.from(text))) {
      await lock.underLease(() => this.#appendAt(lock.id, bytes, at));
      at += bytes.length;
    }
    return at;
  }

  async #appendAt(leaseId: string, bytes: Buffer, appendPosition: number): Promise<void> {
    try {
      await this.#journal.appendBlock(bytes, bytes.length, { conditions: { leaseId, appendPosition } });
    } catch (error) {
      if (!isRefusal(error, "AppendPositionConditionNotMet")) throw error;
      // It may be there already, where the answer to a first attempt was lost.
      const found = await this.#journal.downloadToBuffer(appendPosition);
      if (!found.equals(bytes)) throw error;
    }
  }

  /** Leaves the journal empty, under the lease that it carries. */
  async clearJournal({ id, metadata, underLease }: BlobLock): Promise<void> {
    await underLease(() => this.#journal.create({ metadata: { ...metadata }, conditions: { leaseId: id } }));
  }

  async writeCluster(key: string, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    await this.#blob(`clusters/${key}.json`).upload(bytes, bytes.length);
  }

  /** Names below a part of the stack's folder. */
  async list(part: string): Promise<readonly string[]> {
    const { container, folder } = this.#place;
    const prefix = folder + part;
    const names: string[] = [];
    for await (const { name } of container.listBlobsFlat({ prefix })) names.push(name.slice(prefix.length));
    return names;
  }

  async remove(name: string): Promise<void> {
    await this.#blob(name).deleteIfExists();
  }

  async #currentEtag(): Promise<string | undefined> {
    try {
      return (await this.#blob("snapshot.json").getProperties()).etag;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}

/** A stack's storage in blobs; `open` finds its place when something is done with it first. */
export function blobStackStorage(open: () => Promise<BlobStackPlace>, location: string): StackStorage {
  let opened: Promise<BlobStorage> | undefined;
  const use = async <T>(act: (blobs: BlobStorage) => Promise<T>): Promise<T> => {
    opened ??= open().then((place) => new BlobStorage(place));
    try {
      return await act(await opened);
    } catch (error) {
      throw blobError(error, location);
    }
  };
  const storage: StackStorage = {
    snapshotName: `${location}/snapshot.json`,
    read: () => use((blobs) => blobs.read()),
    readCluster: (key) => use((blobs) => blobs.readCluster(key)),
    readHistory: () => use((blobs) => blobs.readHistory()),
    holder: () => use((blobs) => blobs.holder()),
    unlock: (holderId) => use((blobs) => blobs.unlock(holderId)),
    lock: (operation, above) => {
      // Of its own, since each session knows which snapshot it has read.
      opened = undefined;
      return use(async (blobs) => heldBlobs(storage, use, await blobs.lock(operation, above)));
    },
  };
  return storage;
}

function heldBlobs(
  storage: StackStorage,
  use: <T>(act: (blobs: BlobStorage) => Promise<T>) => Promise<T>,
  lock: BlobLock,
): HeldStorage {
  let length = 0;
  let isRemoved = false;
  /** Asks for the lease before: the service does not check it for these blobs. */
  const checked = <T>(act: (blobs: BlobStorage) => Promise<T>): Promise<T> =>
    use(async (blobs) => {
      await lock.assertHeld();
      return act(blobs);
    });
  return {
    ...storage,
    fence: lock.fence,
    maxAppends,
    writeSnapshot: (text, { serial }) => use((blobs) => blobs.writeSnapshot(text, serial)),
    appendJournal: (text) =>
      use(async (blobs) => {
        length = await blobs.append(lock, text, length);
      }),
    removeJournal: () =>
      use(async (blobs) => {
        await blobs.clearJournal(lock);
        length = 0;
      }),
    keepDamaged: () => checked((blobs) => blobs.keepDamaged(lock.fence)),
    listClusters: () =>
      use(async (blobs) => {
        const names = await blobs.list("clusters/");
        return names.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length));
      }),
    writeCluster: (key, text) => checked((blobs) => blobs.writeCluster(key, text)),
    removeCluster: (key) => checked((blobs) => blobs.remove(`clusters/${key}.json`)),
    removeAll: () =>
      checked(async (blobs) => {
        await blobs.clearJournal(lock);
        for (const part of ["clusters/", "history/"])
          for (const name of await blobs.list(part)) await blobs.remove(part + name);
        await lock.assertHeld();
        await blobs.remove("snapshot.json");
        isRemoved = true;
      }),
    release: () => (isRemoved ? lock.remove() : lock.release()),
  };
}

async function download(blob: BlobClient): Promise<Downloaded | undefined> {
  try {
    const { readableStreamBody, etag = "" } = await blob.download();
    const chunks: Uint8Array[] = [];
    for await (const chunk of readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
    const bytes = Buffer.concat(chunks);
    return { bytes, text: decodeText(bytes), etag };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function* inChunks(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += appendSize) yield bytes.subarray(at, at + appendSize);
}
