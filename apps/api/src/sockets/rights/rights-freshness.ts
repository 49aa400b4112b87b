/**
 * The rights of all connections are fresh if their last read began less than `maxAgeMs` ago. Rooms deliver changes only
 * while the rights are fresh. So changes wait while MySQL cannot be read, and a user who lost a right gets no change
 * that needs it.
 */
export interface RightsFreshness {
  areRightsFresh(): boolean
  /** Records that a read of the rights of all connections began at this `performance.now()`, and succeeded. */
  recordRead(startedAtMs: number): void
  /** Resolves when the rights are fresh. */
  waitUntilFresh(): Promise<void>
  /** Calls the listener when the rights are fresh again, if `areRightsFresh` has returned false meanwhile. */
  onFreshAgain(listener: () => void): void
}

export function createRightsFreshness(maxAgeMs: number, now: () => number = () => performance.now()): RightsFreshness {
  let lastReadAtMs = now()
  let wasSeenStale = false
  let waiting: Array<() => void> = []
  const listeners: Array<() => void> = []
  const areRightsFresh = () => {
    const isFresh = now() - lastReadAtMs < maxAgeMs
    if (!isFresh) wasSeenStale = true
    return isFresh
  }
  return {
    areRightsFresh,
    recordRead(startedAtMs) {
      lastReadAtMs = Math.max(lastReadAtMs, startedAtMs)
      if (!wasSeenStale || !areRightsFresh()) return
      wasSeenStale = false
      const resolves = waiting
      waiting = []
      for (const resolve of resolves) resolve()
      for (const listener of listeners) listener()
    },
    async waitUntilFresh() {
      if (!areRightsFresh()) await new Promise<void>((resolve) => waiting.push(resolve))
    },
    onFreshAgain: (listener) => void listeners.push(listener),
  }
}
