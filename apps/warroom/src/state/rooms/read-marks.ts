import { readStored, store, toKey } from '../page/storage.ts'
import { client } from '../people/sign-in.ts'

const SEND_AFTER_MS = 1_500
let timer: ReturnType<typeof setTimeout> | undefined

/** Returns the position up to which this person has read, or null the first time. */
export const getReadPosition = (user_id: string, event_id: string): number | null =>
  readStored<number>(toKey(user_id, event_id, 'read')) ?? null

/** Stores the position at once, and sends it to the server after a pause without changes. */
export function markRead(user_id: string, event_id: string, position: number): void {
  if (position <= (getReadPosition(user_id, event_id) ?? -1)) return
  store(toKey(user_id, event_id, 'read'), position)
  clearTimeout(timer)
  timer = setTimeout(() => void client.markRead(event_id, position).catch(() => {}), SEND_AFTER_MS)
}
