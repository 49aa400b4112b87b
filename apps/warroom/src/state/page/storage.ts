/** What this browser keeps for a person. Full or forbidden storage costs memory over a reload, and nothing else. */
export function store(key: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // private windows, full disks
  }
}

export function readStored<T>(key: string): T | undefined {
  try {
    const text = localStorage.getItem(key)
    return text === null ? undefined : (JSON.parse(text) as T)
  } catch {
    return undefined
  }
}

const toUserPrefix = (user_id: string) => `ec/${user_id}/`

export const toKey = (user_id: string, event_id: string, what: 'draft' | 'read'): string =>
  `${toUserPrefix(user_id)}${event_id}/${what}`

const toOutboxPrefix = (user_id: string): string => `${toUserPrefix(user_id)}outbox/`
/** A key for each, so that tabs don't write over each other's. */
export const toUnsentKey = (user_id: string, id: string): string => `${toOutboxPrefix(user_id)}${id}`

/** What no tab of this person has sent, the oldest first. */
export function listStoredUnsent<T extends { written_at: string }>(user_id: string): T[] {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(toOutboxPrefix(user_id)))
    return keys.flatMap((key) => readStored<T>(key) ?? []).sort((a, b) => a.written_at.localeCompare(b.written_at))
  } catch {
    return []
  }
}

/** What another tab has changed; null: it is gone. */
export function onOtherTab(changed: (key: string, value: string | null) => void): void {
  addEventListener('storage', ({ key, newValue }) => {
    if (key !== null) changed(key, newValue)
  })
}

/** Signing out leaves nothing of what was written on a machine that somebody else may use next. */
export function forgetUser(user_id: string): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(toUserPrefix(user_id))) localStorage.removeItem(key)
  } catch {
    // as above
  }
}
