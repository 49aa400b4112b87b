/**
 * Promise 5 within a second, whatever is lost: rooms are delivered to only while the rights of everybody who is
 * connected were read less than a second ago. While MySQL can't be asked, what happens is held back, not leaked.
 */
export interface Gate {
  isOpen(): boolean
  /** Everybody's rights were read, as of `since` (performance.now()). */
  verified(since: number): void
  /** Resolves once it is open. */
  opened(): Promise<void>
  /** It was found shut, and is open again. */
  onReopen(listener: () => void): void
}

export function gate(max_age_ms: number, now: () => number = () => performance.now()): Gate {
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
    verified(since) {
      verifiedAt = Math.max(verifiedAt, since)
      if (!foundShut || !isOpen()) return
      foundShut = false
      const resolves = waiting
      waiting = []
      for (const resolve of resolves) resolve()
      for (const listener of listeners) listener()
    },
    async opened() {
      if (!isOpen()) await new Promise<void>((resolve) => waiting.push(resolve))
    },
    onReopen: (listener) => void listeners.push(listener),
  }
}
