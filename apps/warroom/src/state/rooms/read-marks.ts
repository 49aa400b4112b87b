import { clearCounts, hasWaiting } from '../events/events.ts'
import { readStored, store, toKey } from '../page/storage.ts'
import { client } from '../people/sign-in.ts'
import { beginMark } from './reading.ts'

const SEND_AFTER_MS = 1_500

/** Holds for each event the mark that is not sent yet. */
const unsentMarks = new Map<string, { timer: ReturnType<typeof setTimeout>; send(): void }>()

/** Returns the position up to which this person has read, or null the first time. */
export const getReadPosition = (user_id: string, event_id: string): number | null =>
  readStored<number>(toKey(user_id, event_id, 'read')) ?? null

/** Stores the position at once, and sends it to the server after a pause without changes. */
export function markRead(user_id: string, event_id: string, position: number): void {
  if (position > (getReadPosition(user_id, event_id) ?? -1)) store(toKey(user_id, event_id, 'read'), position)
  else if (!hasWaiting(event_id)) return
  clearTimeout(unsentMarks.get(event_id)?.timer)
  clearCounts(event_id)
  const end = beginMark(event_id)
  const send = () => {
    unsentMarks.delete(event_id)
    void client
      .markRead(event_id, position)
      .catch(() => {})
      .finally(() => unsentMarks.has(event_id) || end())
  }
  unsentMarks.set(event_id, { timer: setTimeout(send, SEND_AFTER_MS), send })
}

/** Sends the marks at once, because the reader looks away and the counts of other devices shall be right. */
function sendReadMarks(): void {
  for (const { timer, send } of [...unsentMarks.values()]) {
    clearTimeout(timer)
    send()
  }
}

document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && sendReadMarks())
