const PREFIX = 'engineer-chat'
/** Other tabs learn of the same answer within this time. */
const CLAIM_MS = 60_000

/** Says whether this browser has locks, by which one of several tabs is chosen. */
export const hasLocks = (): boolean => 'locks' in navigator

/** Waits until this tab is the only one, or the others have closed. Returns the function that gives the lead away. */
export function awaitLead(onLead: () => void): () => void {
  const { held, release } = createHold()
  void navigator.locks.request(`${PREFIX}/notifier`, () => {
    onLead()
    return held
  })
  return release
}

/** Resolves to true in one of the tabs that claim the name at about the same time. */
export function claim(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    void navigator.locks.request(`${PREFIX}/claim/${name}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      return lock === null ? undefined : new Promise((release) => setTimeout(release, CLAIM_MS))
    })
  })
}

const toWatchedName = (event_id: string): string => `${PREFIX}/watched/${event_id}`

/** Tells the other tabs that this one shows the event. Returns the function that ends that. */
export function holdWatched(event_id: string): () => void {
  const { held, release } = createHold()
  void navigator.locks.request(toWatchedName(event_id), { mode: 'shared' }, () => held)
  return release
}

/** Returns true if a visible tab of this browser shows the event. */
export async function isWatched(event_id: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query()
  return held.some(({ name }) => name === toWatchedName(event_id))
}

function createHold(): { held: Promise<void>; release(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { held: promise, release: resolve }
}
