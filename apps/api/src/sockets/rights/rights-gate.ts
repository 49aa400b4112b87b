/**
 * The gate is open while the last read of all connections' rights is less than `maxAgeMs` old. Rooms deliver only while
 * it is open. So changes wait while MySQL cannot be read, and a user who lost a right gets no change that needs it.
 */
export interface RightsGate {
  isOpen(): boolean
  /** Records that the rights of all connections were read at this `performance.now()`. */
  confirm(readAtMs: number): void
  /** Resolves once the gate is open. */
  waitUntilOpen(): Promise<void>
  /** Calls the listener when the gate opens again, if `isOpen` has returned false meanwhile. */
  onReopen(listener: () => void): void
}

export function createRightsGate(maxAgeMs: number, now: () => number = () => performance.now()): RightsGate {
  let lastReadAtMs = now()
  let wasSeenClosed = false
  let waiting: Array<() => void> = []
  const listeners: Array<() => void> = []
  const isOpen = () => {
    const isFresh = now() - lastReadAtMs < maxAgeMs
    if (!isFresh) wasSeenClosed = true
    return isFresh
  }
  return {
    isOpen,
    confirm(readAtMs) {
      lastReadAtMs = Math.max(lastReadAtMs, readAtMs)
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
