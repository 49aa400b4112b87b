const PREFIX = 'engineer-chat'
/**
 * The tab that shows a notice holds its lock for this time. By then, all other tabs know that the answer has ended, and
 * have found the lock taken.
 */
const CLAIM_MS = 60_000

/** Says whether this browser has the Web Locks API, which chooses one of several tabs. */
export const supportsLocks = (): boolean => 'locks' in navigator

/**
 * Calls `onLead` when this tab becomes the leading one. The first tab leads until it closes. Returns the stop function.
 */
export function waitToLead(onLead: () => void): () => void {
  const { held, release } = createReleasable()
  void navigator.locks.request(`${PREFIX}/notifier`, () => {
    onLead()
    return held
  })
  return release
}

/** Resolves to true in only one of the tabs that claim the name within a minute. */
export function claimNotice(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    void navigator.locks.request(`${PREFIX}/claim/${name}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      return lock === null ? undefined : new Promise((release) => setTimeout(release, CLAIM_MS))
    })
  })
}

const toWatchedName = (event_id: string): string => `${PREFIX}/watched/${event_id}`

/**
 * Tells the other tabs that this tab shows the event, until the returned function is called. A tab calls it only while
 * it is visible.
 */
export function markWatched(event_id: string): () => void {
  const { held, release } = createReleasable()
  void navigator.locks.request(toWatchedName(event_id), { mode: 'shared' }, () => held)
  return release
}

/** Returns true if a visible tab of this browser shows the event. */
export async function isWatched(event_id: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query()
  return held.some(({ name }) => name === toWatchedName(event_id))
}

function createReleasable(): { held: Promise<void>; release(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { held: promise, release: resolve }
}
