import { readStored, store, toKey } from '../page/storage.ts'
import { client } from '../people/session.ts'

const TELL_AFTER_MS = 1_500
let timer: ReturnType<typeof setTimeout> | undefined

/** How far this person had read when the room was opened; null the first time. */
export const readMark = (user_id: string, event_id: string): number | null =>
  readStored<number>(toKey(user_id, event_id, 'read')) ?? null

/** Kept at once, told to the server when things are quiet: it is nobody's hurry. */
export function markRead(user_id: string, event_id: string, position: number): void {
  if (position <= (readMark(user_id, event_id) ?? -1)) return
  store(toKey(user_id, event_id, 'read'), position)
  clearTimeout(timer)
  timer = setTimeout(() => void client.read(event_id, position).catch(() => {}), TELL_AFTER_MS)
}
