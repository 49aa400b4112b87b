/** Stores a value in this browser. If storage is full or forbidden, the value is lost with the next reload. */
export function store(key: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // Private windows and full disks refuse the write.
  }
}

export function readStored<T>(key: string): T | undefined {
  try {
    const text = localStorage.getItem(key)
    if (text === null) return undefined
    const value: T = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}

const toUserPrefix = (user_id: string) => `ec/${user_id}/`

/** `read` stores the position up to which the user has read, and `written` that the user has sent a message. */
type KeyKind = 'draft' | 'quote' | 'read' | 'written' | 'recipient'

export const toRoomKey = (user_id: string, event_id: string, kind: KeyKind): string =>
  `${toUserPrefix(user_id)}${event_id}/${kind}`

/** Returns the event of a key that `toRoomKey` returns for this user and kind; undefined for any other key. */
export function findKeyEventId(key: string, user_id: string, kind: KeyKind): string | undefined {
  const [, , event_id] = key.split('/')
  return event_id !== undefined && key === toRoomKey(user_id, event_id, kind) ? event_id : undefined
}

/** The key ends with `verdicts`, because earlier versions of the page stored the ratings under this name. */
export const toRatingsKey = (user_id: string): string => `${toUserPrefix(user_id)}verdicts`

const toOutboxPrefix = (user_id: string): string => `${toUserPrefix(user_id)}outbox/`

/** Each message has its own key, so that tabs don't overwrite each other's messages. */
export const toUnsentKey = (user_id: string, client_message_id: string): string =>
  `${toOutboxPrefix(user_id)}${client_message_id}`

/** Lists the messages that no tab of this person has sent, the oldest first. */
export function listStoredUnsent<T extends { written_at: string }>(user_id: string): T[] {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(toOutboxPrefix(user_id)))
    return keys.flatMap((key) => readStored<T>(key) ?? []).sort((a, b) => a.written_at.localeCompare(b.written_at))
  } catch {
    return []
  }
}

/** Calls `onChange` when another tab has changed the value of a key; it is null if the tab has removed the key. */
export function subscribeToOtherTabs(onChange: (key: string, value: string | null) => void): void {
  addEventListener('storage', ({ key, newValue }) => {
    if (key !== null) onChange(key, newValue)
  })
}

/** Removes everything that this person wrote, because another person may use this machine next. */
export function removeStoredUserData(user_id: string): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(toUserPrefix(user_id))) localStorage.removeItem(key)
  } catch {
    // If storage is forbidden, there is nothing to remove.
  }
}
