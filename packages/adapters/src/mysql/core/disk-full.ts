import { isDiskFull } from './errors.ts'

/**
 * After a statement has found the disk full, the node counts as not ready until this time is over. Then the next write
 * shows whether the disk is still full.
 */
const KEPT_MS = 5_000

/** Remembers a full disk, because a small write may still succeed where a question does not fit. */
export interface DiskFullMemory {
  /** Takes any error, and keeps one that says that the disk is full. */
  note(error: unknown): void
  /** Returns the error of the last five seconds, if there is one. */
  findRecent(): unknown
}

export function createDiskFullMemory(now: () => number = () => performance.now()): DiskFullMemory {
  let last: { error: unknown; atMs: number } | undefined
  return {
    note(error) {
      if (isDiskFull(error)) last = { error, atMs: now() }
    },
    findRecent: () => (last && now() - last.atMs < KEPT_MS ? last.error : undefined),
  }
}
