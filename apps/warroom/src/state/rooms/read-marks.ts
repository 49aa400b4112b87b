import { findReadPosition, mayHaveUnread, refreshEvents, setListedAsRead } from '../events/events.ts'
import { readStored, store, toRoomKey } from '../page/storage.ts'
import { client } from '../people/sign-in.ts'
import { addPendingMark, clearZeroedCounts, setRoomWithEndInView } from './reading.ts'

/** A mark is sent when the position has not changed for this time. */
const SEND_AFTER_MS = 1_500
/** A mark is sent at the latest after this time, even if people write in the room without a pause. */
const SEND_WITHIN_MS = 15_000

interface UnsentMark {
  /** Holds the time of `performance.now()` at which the event's first mark that is not sent yet was set. */
  sinceMs: number
  timer: ReturnType<typeof setTimeout>
  send(): void
}

/** Holds for each event the read mark that is not sent yet. */
const unsentMarks = new Map<string, UnsentMark>()

/** Returns the position up to which this person has read on any device; null if they have never opened the event. */
export function getReadPosition(user_id: string, event_id: string): number | null {
  // The server's mark is also 0 for an event that was muted and never opened.
  const position = Math.max(findStoredReadPosition(user_id, event_id) ?? -1, findReadPosition(event_id) || -1)
  return position < 0 ? null : position
}

/** Returns the position up to which this person has read in this browser; undefined if none is stored. */
export const findStoredReadPosition = (user_id: string, event_id: string): number | undefined =>
  readStored<number>(toRoomKey(user_id, event_id, 'read'))

/** Stores the position in this browser at once, and sends it to the server after a pause without changes. */
export function markRead(user_id: string, event_id: string, position: number): void {
  if (position > (getReadPosition(user_id, event_id) ?? -1)) store(toRoomKey(user_id, event_id, 'read'), position)
  else if (!mayHaveUnread(event_id)) return
  const replacedMark = unsentMarks.get(event_id)
  clearTimeout(replacedMark?.timer)
  setListedAsRead(event_id, position)
  const removePendingMark = addPendingMark(event_id)
  const send = () => {
    unsentMarks.delete(event_id)
    void client
      .markRead(event_id, position)
      .catch(() => {})
      .finally(() => {
        if (unsentMarks.has(event_id)) return // A newer mark waits, so the event keeps its pending mark.
        removePendingMark()
        reloadZeroedCounts(event_id)
      })
  }
  const sinceMs = replacedMark?.sinceMs ?? performance.now()
  const delayMs = Math.min(SEND_AFTER_MS, sinceMs + SEND_WITHIN_MS - performance.now())
  unsentMarks.set(event_id, { sinceMs, timer: setTimeout(send, delayMs), send })
}

/**
 * Counts new rows of the event as read until the returned function is called. That function loads the counts of rows
 * that the reader has not seen.
 */
export function showEndAsRead(event_id: string): () => void {
  setRoomWithEndInView(event_id)
  return () => {
    setRoomWithEndInView(null)
    reloadZeroedCounts(event_id)
  }
}

function reloadZeroedCounts(event_id: string): void {
  if (clearZeroedCounts(event_id)) void refreshEvents().catch(() => {})
}

/** Sends the marks at once, because the reader has left the tab and other devices need the right counts. */
function sendReadMarks(): void {
  for (const { timer, send } of [...unsentMarks.values()]) {
    clearTimeout(timer)
    send()
  }
}

document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && sendReadMarks())
