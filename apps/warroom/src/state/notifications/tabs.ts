const LOCK_PREFIX = 'engineer-chat'
/**
 * The tab that shows the notice of an answer holds the notice's lock for this time. By then, all other tabs know that
 * the answer has ended, and have found the lock taken.
 */
const NOTICE_LOCK_MS = 60_000

/** Says whether this browser has the Web Locks API, by which one of several tabs is chosen. */
export const supportsLocks = (): boolean => 'locks' in navigator

/**
 * Calls `onLead` when this tab becomes the leading one. The tab that has waited longest leads, until it is closed or
 * calls the returned stop function.
 */
export function waitToLead(onLead: () => void): () => void {
  const { untilReleased, release } = createLockHold()
  void navigator.locks.request(`${LOCK_PREFIX}/notifier`, () => {
    onLead()
    return untilReleased
  })
  return release
}

/** Resolves to true in only one of the tabs that request the notice of an answer within a minute. */
export function acquireNotice(message_id: string): Promise<boolean> {
  return new Promise((resolve) => {
    void navigator.locks.request(`${LOCK_PREFIX}/claim/${message_id}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      return lock === null ? undefined : new Promise((release) => setTimeout(release, NOTICE_LOCK_MS))
    })
  })
}

const toWatchLockName = (event_id: string): string => `${LOCK_PREFIX}/watched/${event_id}`

/**
 * Tells the other tabs that this tab shows the event, until the returned function is called. Only a visible tab calls
 * `markWatched`.
 */
export function markWatched(event_id: string): () => void {
  const { untilReleased, release } = createLockHold()
  void navigator.locks.request(toWatchLockName(event_id), { mode: 'shared' }, () => untilReleased)
  return release
}

/** Returns true if a visible tab of this browser shows the event. */
export async function isWatched(event_id: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query()
  return held.some(({ name }) => name === toWatchLockName(event_id))
}

/** Creates a promise that keeps a lock as long as it is pending, and the function that resolves it. */
function createLockHold(): { untilReleased: Promise<void>; release(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { untilReleased: promise, release: resolve }
}
