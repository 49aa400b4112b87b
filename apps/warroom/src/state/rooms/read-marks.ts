import { ApiProblem, isThinking } from '@engineer-chat/client'
import { findReadPosition, mayHaveUnread, refreshEvents, setListedAsRead } from '../events/events.ts'
import { readStored, store, toRoomKey } from '../page/storage.ts'
import { client } from '../people/sign-in.ts'
import { addPendingMark, clearZeroedCounts, setRoomWithEndInView } from './reading.ts'
import { getRoom } from './rooms.ts'

/** A mark is sent when the position has not changed for this time. */
const SEND_AFTER_MS = 1_500
/** A mark is sent at the latest after this time, even if people write in the room without a pause. */
const SEND_WITHIN_MS = 15_000
/** A mark is sent again after these responses (signed out, rate limit), and after any 5xx. */
const REPEATED_STATUSES = [401, 429]

interface ReadMark {
  user_id: string
  position: number
  /** Holds the room's last sequence number when the mark was set, or 0 if the room was not loaded. */
  seq: number
}

interface UnsentMark extends ReadMark {
  /** Holds the time of `performance.now()` at which the event's first mark that is not sent yet was set. */
  sinceMs: number
  timer: ReturnType<typeof setTimeout>
}

/** Holds for each event the read mark that is not sent yet. */
const unsentMarks = new Map<string, UnsentMark>()
/** Holds for each event its last mark, if the request with this mark has failed. */
const failedMarks = new Map<string, ReadMark>()

/** Returns the position up to which this person has read on any device; null if they have never opened the event. */
export function getReadPosition(user_id: string, event_id: string): number | null {
  // The server's mark is also 0 for an event that was muted and never opened.
  const position = Math.max(findStoredReadPosition(user_id, event_id) ?? -1, findReadPosition(event_id) || -1)
  return position < 0 ? null : position
}

/** Returns the position up to which this person has read in this browser; undefined if none is stored. */
export const findStoredReadPosition = (user_id: string, event_id: string): number | undefined =>
  readStored<number>(toRoomKey(user_id, event_id, 'read'))

/**
 * Stores the position in this browser at once, and sends it to the server after a pause without changes. If the request
 * fails, the mark is sent again when the connection or the reader is back.
 */
export function markRead(user_id: string, event_id: string, position: number): void {
  if (position > (getReadPosition(user_id, event_id) ?? -1)) store(toRoomKey(user_id, event_id, 'read'), position)
  else if (!mayHaveUnread(event_id) && !failedMarks.has(event_id)) return
  const replacedMark = unsentMarks.get(event_id)
  clearTimeout(replacedMark?.timer)
  setListedAsRead(event_id, position)
  addPendingMark(event_id)
  const sinceMs = replacedMark?.sinceMs ?? performance.now()
  const delayMs = Math.min(SEND_AFTER_MS, sinceMs + SEND_WITHIN_MS - performance.now())
  const timer = setTimeout(() => sendUnsent(event_id), delayMs)
  unsentMarks.set(event_id, { user_id, position, seq: getRoom(event_id).state.lastSeq ?? 0, sinceMs, timer })
}

/**
 * Returns false if a reply to the reader is in progress, or has changed since the mark was set. The server counts every
 * answer that has ended before it receives a mark as read, so a late mark would hide that the answer has ended.
 */
const mayRepeat = (event_id: string, { user_id, seq }: ReadMark): boolean =>
  !getRoom(event_id).state.messages.some(
    (message) =>
      message.user_id === user_id && (isThinking(message) || (message.sender_type !== 'user' && message.seq > seq)),
  )

function sendUnsent(event_id: string, options?: { keepalive: boolean }): void {
  const mark = unsentMarks.get(event_id)
  if (!mark) return
  clearTimeout(mark.timer)
  unsentMarks.delete(event_id)
  void sendMark(event_id, mark, options)
}

async function sendMark(event_id: string, mark: ReadMark, options?: { keepalive: boolean }): Promise<void> {
  const removePendingMark = addPendingMark(event_id)
  failedMarks.delete(event_id)
  try {
    await client.markRead(event_id, mark.position, options)
  } catch (error) {
    if (mayFailOnce(error) && !unsentMarks.has(event_id)) failedMarks.set(event_id, mark)
  }
  if (unsentMarks.has(event_id)) return // A newer mark is not sent yet, so the counts of the event stay 0.
  removePendingMark()
  reloadZeroedCounts(event_id)
}

/** Returns false if the server refuses the mark, for example because the reader may no longer enter the event. */
const mayFailOnce = (error: unknown): boolean =>
  !(error instanceof ApiProblem) || error.status >= 500 || REPEATED_STATUSES.includes(error.status)

/**
 * Sends the marks again whose requests have failed, at most once for each failure. Call this when the server can be
 * reached again.
 */
export function sendFailedReadMarks(): void {
  for (const [event_id, mark] of [...failedMarks]) {
    if (unsentMarks.has(event_id)) continue
    if (mayRepeat(event_id, mark)) void sendMark(event_id, mark)
    else failedMarks.delete(event_id)
  }
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

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') return sendFailedReadMarks()
  // The reader has left the tab, and other devices need the right counts. The tab may be about to close.
  for (const event_id of [...unsentMarks.keys()]) sendUnsent(event_id, { keepalive: true })
})
