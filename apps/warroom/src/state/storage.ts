/** What this browser keeps for a person. Full or forbidden storage costs memory over a reload, and nothing else. */
export function keep(key: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // private windows, full disks
  }
}

export function kept<T>(key: string): T | undefined {
  try {
    const text = localStorage.getItem(key)
    return text === null ? undefined : (JSON.parse(text) as T)
  } catch {
    return undefined
  }
}

const ofUser = (user_id: string) => `ec/${user_id}/`

export const keyOf = (user_id: string, event_id: string, what: 'draft' | 'read'): string =>
  `${ofUser(user_id)}${event_id}/${what}`
export const outboxKey = (user_id: string): string => `${ofUser(user_id)}outbox`

/** Signing out leaves nothing of what was written on a machine that somebody else may use next. */
export function forgetUser(user_id: string): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(ofUser(user_id))) localStorage.removeItem(key)
  } catch {
    // as above
  }
}
