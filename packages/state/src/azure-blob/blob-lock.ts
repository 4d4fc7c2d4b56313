import type { AppendBlobClient, BlobGetPropertiesResponse } from "@azure/storage-blob";
import type { LockHolder } from "../backend.ts";
import { stateCodes } from "../codes.ts";
import { stateError } from "../damage.ts";
import { defaultLeaseTimes, keepRenewing, type LeaseTimes } from "../lease.ts";
import { holderOf, type LockClaim, newClaim, parseClaim } from "../lock-claim.ts";
import { lockedBy, lockLost, notThatHolder } from "../lock-error.ts";
import { parseJson } from "../parse.ts";
import { isMissing, isRefusal } from "./blob-error.ts";

/**
 * The lock of a stack: the lease of the blob that is its journal, so that the service itself refuses
 * each append of whoever has lost it. The blob's metadata say who holds it and the fencing token; they
 * are written under the lease too. The lease's id is the holder's.
 */
export interface BlobLock {
  readonly id: string;
  readonly fence: number;
  /** What the journal's metadata must say while the lock is held, also when it is written anew. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Whoever held the lock before did not give it back, and may only sleep. */
  readonly isTakenOver: boolean;
  /** Runs a request under the lease; renews the lease first where it ran out and nobody took it. @throws BERTH4002 */
  underLease<T>(request: () => Promise<T>): Promise<T>;
  /** Renews the lease, which tells whether it is held. @throws BERTH4002 */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
  /** As {@link BlobLock.release}, and removes the journal with all that it says of locks. */
  remove(): Promise<void>;
}

/** How often others may come between before it is given up. */
const attempts = 20;

const lost = [
  "LeaseIdMismatchWithBlobOperation",
  "LeaseNotPresentWithBlobOperation",
  "LeaseLost",
  "LeaseIdMissing",
  "LeaseIdMismatchWithLeaseOperation",
  "LeaseNotPresentWithLeaseOperation",
];

export interface BlobLockRequest {
  /** The journal's blob. */
  readonly journal: AppendBlobClient;
  /** The journal's name for messages. */
  readonly name: string;
  readonly stack: string;
  readonly operation: string;
  readonly times: LeaseTimes;
  /** The highest fencing token that the state records. */
  readonly above: number;
}

/** Takes the lock of a stack. @throws BERTH4001 when it is held, BERTH4003 when it does not say by whom */
export async function takeBlobLock(request: BlobLockRequest): Promise<BlobLock> {
  const { journal, name, stack } = request;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const lock = await tryLock(request).catch((error: unknown) => {
      // Somebody removed the stack, took the lock or broke it between two requests.
      if (isLoss(error) || isRefusal(error, "LeaseAlreadyPresent")) return undefined;
      throw error;
    });
    if (lock) return lock;
    await new Promise((resolve) => setTimeout(resolve, 25 * attempt));
  }
  const properties = await propertiesOf(journal);
  if (properties?.leaseDuration === "infinite")
    throw stateError(stateCodes.BERTH4003, name, "its lease was taken by something else than berth");
  const isSilent = properties?.leaseState === "leased" && !holderIn(properties);
  const why = isSilent
    ? "somebody took the lock and ended before saying who it was; that runs out within a minute"
    : "too many others are trying";
  throw stateError(stateCodes.BERTH4001, name, `stack "${stack}" could not be locked: ${why}`);
}

async function tryLock(request: BlobLockRequest): Promise<BlobLock | undefined> {
  const { journal, name, stack, operation, times, above } = request;
  const before = await propertiesOf(journal);
  if (!before) {
    await journal.createIfNotExists();
    return undefined;
  }
  const holder = holderIn(before);
  if (holder?.state === "held") throw lockedBy(stack, holder, name);
  // The service keeps the lease of a process that this machine knows to be dead.
  if (holder?.state === "dead") await release(journal, holder.id);

  const claim = newClaim(operation);
  const { id } = claim;
  const lease = journal.getBlobLeaseClient(id);
  await lease.acquireLease(times.ttl / 1000);
  const { metadata: old = {} } = await journal.getProperties({ conditions: { leaseId: id } });
  const fence = Math.max(fenceIn(old), above) + 1;
  const metadata = {
    fence: String(fence),
    ttl: String(times.ttl),
    claim: encodeURIComponent(JSON.stringify(claim)),
  };
  await journal.setMetadata(metadata, { conditions: { leaseId: id } });
  const stop = keepRenewing(async () => {
    await lease.renewLease();
  }, times);

  const assertHeld = async (): Promise<void> => {
    try {
      await lease.renewLease();
    } catch (error) {
      if (isLoss(error)) throw lockLost(stack, await blobLockHolder(journal));
      throw error;
    }
  };
  const end = async (left: Record<string, string> | undefined): Promise<void> => {
    await stop();
    try {
      const conditions = { leaseId: id };
      if (left === undefined) await journal.deleteIfExists({ conditions });
      else {
        await journal.setMetadata(left, { conditions });
        await lease.releaseLease();
      }
    } catch {
      // The lease runs out by itself, and what was done under it is recorded.
    }
  };
  return {
    id,
    fence,
    metadata,
    isTakenOver: old["claim"] !== undefined && old["released"] === undefined,
    async underLease(request) {
      try {
        return await request();
      } catch (error) {
        if (!isLoss(error)) throw error;
      }
      await assertHeld();
      return request();
    },
    assertHeld,
    release: () => end({ ...metadata, released: "1" }),
    remove: () => end(undefined),
  };
}

/** Whether a request failed because the lease is not ours any more, or the blob is gone with its stack. */
function isLoss(error: unknown): boolean {
  return isRefusal(error, ...lost) || isMissing(error);
}

/** Who holds the lock, living or dead; `undefined`: nobody. */
export async function blobLockHolder(journal: AppendBlobClient): Promise<LockHolder | undefined> {
  const properties = await propertiesOf(journal);
  return properties && holderIn(properties);
}

/** Breaks the lock of one holder. @throws BERTH4055 when it is another's, or nobody's */
export async function breakBlobLock(
  journal: AppendBlobClient,
  stack: string,
  holderId: string,
): Promise<void> {
  const holder = await blobLockHolder(journal);
  if (holder?.id !== holderId || !(await release(journal, holderId)))
    throw notThatHolder(stack, await blobLockHolder(journal));
}

/** Ends the lease with that id and no other; `false`: it is not the blob's lease any more. */
async function release(journal: AppendBlobClient, id: string): Promise<boolean> {
  try {
    await journal.getBlobLeaseClient(id).releaseLease();
    return true;
  } catch (error) {
    if (isLoss(error)) return false;
    throw error;
  }
}

async function propertiesOf(journal: AppendBlobClient): Promise<BlobGetPropertiesResponse | undefined> {
  try {
    return await journal.getProperties();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function holderIn({ leaseState, metadata = {} }: BlobGetPropertiesResponse): LockHolder | undefined {
  if (leaseState !== "leased" && leaseState !== "expired" && leaseState !== "breaking") return undefined;
  // Between taking the lease and saying so, what the one before said is still there.
  const claim = metadata["released"] === undefined ? claimIn(metadata) : undefined;
  if (!claim) return undefined;
  // The service does not say when a lease that is held was renewed; this is the latest that it can run out.
  const remaining = leaseState === "expired" ? -1 : Number(metadata["ttl"]) || defaultLeaseTimes.ttl;
  return holderOf(claim, fenceIn(metadata), remaining, Date.now());
}

function claimIn(metadata: Readonly<Record<string, string>>): LockClaim | undefined {
  try {
    return parseClaim(parseJson(decodeURIComponent(metadata["claim"] ?? "")));
  } catch {
    return undefined;
  }
}

function fenceIn(metadata: Readonly<Record<string, string>>): number {
  const fence = Number(metadata["fence"] ?? 0);
  return Number.isSafeInteger(fence) && fence > 0 ? fence : 0;
}
