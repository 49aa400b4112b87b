/**
 * Promise 5 within a second, whatever is lost: rooms are delivered to only while the rights of everybody who is
 * connected were read less than a second ago. While MySQL can't be asked, what happens is held back, not leaked.
 */
export interface RightsGate {
  isOpen(): boolean
  /** Everybody's rights were read, as of `since` (performance.now()). */
  confirm(since: number): void
  /** Resolves once it is open. */
  waitUntilOpen(): Promise<void>
  /** It was found shut, and is open again. */
  onReopen(listener: () => void): void
}

export function createRightsGate(max_age_ms: number, now: () => number = () => performance.now()): RightsGate {
  let verifiedAt = now()
  let foundShut = false
  let waiting: Array<() => void> = []
  const listeners: Array<() => void> = []
  const isOpen = () => {
    const open = now() - verifiedAt < max_age_ms
    if (!open) foundShut = true
    return open
  }
  return {
    isOpen,
    confirm(since) {
      verifiedAt = Math.max(verifiedAt, since)
      if (!foundShut || !isOpen()) return
      foundShut = false
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
