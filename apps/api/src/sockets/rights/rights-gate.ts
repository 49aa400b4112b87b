/**
 * The gate is open while the last read of all connections' rights is less than a second old. Rooms deliver only
 * then, so while MySQL cannot be read, changes wait and nobody sees what they may no longer see.
 */
export interface RightsGate {
  isOpen(): boolean
  /** Records that the rights of all connections were read, as of this `performance.now()`. */
  confirm(readAtMs: number): void
  /** Resolves once the gate is open. */
  waitUntilOpen(): Promise<void>
  /** Calls the listener when the gate opens again after a caller saw it closed. */
  onReopen(listener: () => void): void
}

export function createRightsGate(maxAgeMs: number, now: () => number = () => performance.now()): RightsGate {
  let verifiedAtMs = now()
  let wasSeenClosed = false
  let waiting: Array<() => void> = []
  const listeners: Array<() => void> = []
  const isOpen = () => {
    const isFresh = now() - verifiedAtMs < maxAgeMs
    if (!isFresh) wasSeenClosed = true
    return isFresh
  }
  return {
    isOpen,
    confirm(readAtMs) {
      verifiedAtMs = Math.max(verifiedAtMs, readAtMs)
      if (!wasSeenClosed || !isOpen()) return
      wasSeenClosed = false
      const resolves = waiting
      waiting = []
      for (const resolve of resolves) resolve()
      for (const listener of listeners) listener()
    },
    async waitUntilOpen() {
      if (!isOpen()) await new Promise<void>((resolve) => waiting.push(resolve))
    },
    onReopen: (listener) => void listeners.push(listener),
  }
}
