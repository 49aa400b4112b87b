import { findReadPosition, hasWaiting, setReadToEnd } from '../events/events.ts'
import { readStored, store, toKey } from '../page/storage.ts'
import { client } from '../people/sign-in.ts'
import { beginMark } from './reading.ts'

const SEND_AFTER_MS = 1_500
/** A room in which people write all the time is marked this often. */
const SEND_WITHIN_MS = 15_000

interface UnsentMark {
  since: number
  timer: ReturnType<typeof setTimeout>
  send(): void
}

/** Holds for each event the mark that is not sent yet. */
const unsentMarks = new Map<string, UnsentMark>()

/** Returns the position up to which this person has read, here or on another device, or null the first time. */
export function getReadPosition(user_id: string, event_id: string): number | null {
  // The server's mark is 0 as well for an event that was muted and never opened.
  const position = Math.max(readHere(user_id, event_id) ?? -1, findReadPosition(event_id) || -1)
  return position < 0 ? null : position
}

/** Returns the position up to which this person has read in this browser. */
export const readHere = (user_id: string, event_id: string): number | undefined =>
  readStored<number>(toKey(user_id, event_id, 'read'))

/** Stores the position at once, and sends it to the server after a pause without changes. */
export function markRead(user_id: string, event_id: string, position: number): void {
  if (position > (getReadPosition(user_id, event_id) ?? -1)) store(toKey(user_id, event_id, 'read'), position)
  else if (!hasWaiting(event_id)) return
  const unsent = unsentMarks.get(event_id)
  clearTimeout(unsent?.timer)
  setReadToEnd(event_id, position)
  const end = beginMark(event_id)
  const send = () => {
    unsentMarks.delete(event_id)
    void client
      .markRead(event_id, position)
      .catch(() => {})
      .finally(() => unsentMarks.has(event_id) || end())
  }
  const since = unsent?.since ?? performance.now()
  const delayMs = Math.min(SEND_AFTER_MS, since + SEND_WITHIN_MS - performance.now())
  unsentMarks.set(event_id, { since, timer: setTimeout(send, delayMs), send })
}

/** Sends the marks at once, because the reader looks away and the counts of other devices shall be right. */
function sendReadMarks(): void {
  for (const { timer, send } of [...unsentMarks.values()]) {
    clearTimeout(timer)
    send()
  }
}

document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && sendReadMarks())
