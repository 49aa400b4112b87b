import type { Inbox, InboxItem } from '@engineer-chat/protocol'
import { client, getSocket } from '../people/sign-in.ts'
import { sendFailedReadMarks } from '../rooms/read-marks.ts'
import { addFetchedEvent, applyInbox, refreshEvents, useEvents, watchInboxFrames } from './events.ts'

const REFRESH_INTERVAL_MS = 600_000
/** A node of an older version sends neither counts nor `inbox` frames, so the list is read more often. */
const REFRESH_INTERVAL_WITHOUT_INBOX_MS = 30_000

let refreshedAtMs = 0

/**
 * Applies the server's `inbox` frames to the list. Frames can be lost, so the list is also loaded again when the socket
 * has connected, after read marks whose requests have failed, and every ten minutes while the page is visible. Returns
 * the stop function.
 */
export function followInbox(): () => void {
  const stopFrames = getSocket().on('frame', (frame) => {
    if (frame.type === 'hello') {
      sendFailedReadMarks()
      refresh()
    }
    if (frame.type === 'inbox') void applyInboxFrame(frame)
  })
  const refreshIfOld = () => {
    const intervalMs = hasInbox() ? REFRESH_INTERVAL_MS : REFRESH_INTERVAL_WITHOUT_INBOX_MS
    if (document.visibilityState === 'visible' && performance.now() - refreshedAtMs >= intervalMs) refresh()
  }
  const onFocus = () => (hasInbox() ? refreshIfOld() : refresh())
  const timer = setInterval(refreshIfOld, REFRESH_INTERVAL_WITHOUT_INBOX_MS)
  addEventListener('focus', onFocus)
  return () => {
    stopFrames()
    clearInterval(timer)
    removeEventListener('focus', onFocus)
  }
}

/** Says whether the server sends counts and `inbox` frames. */
const hasInbox = (): boolean => useEvents.getState().events.some(({ unread }) => unread !== undefined)

function refresh(): void {
  refreshedAtMs = performance.now()
  void refreshEvents().catch(() => {})
}

/** Holds the newest item of each event that is being loaded because the list did not have it. */
const missingItems = new Map<string, InboxItem>()

/** Puts the frame into the list, and loads the events that the list does not have, one after the other. */
export async function applyInboxFrame(frame: Inbox): Promise<void> {
  const items = applyInbox(frame)
  const newIds = items.map(({ event_id }) => event_id).filter((event_id) => !missingItems.has(event_id))
  for (const item of items) missingItems.set(item.event_id, item)
  for (const event_id of newIds) {
    const watch = watchInboxFrames()
    try {
      const event = await client.getEvent(event_id)
      const item = missingItems.get(event_id)
      if (item) addFetchedEvent({ ...event, ...item }, watch)
    } catch {
      // The reader may have lost the right to read the event. After any other error, the next frame causes a new try.
    } finally {
      missingItems.delete(event_id)
    }
  }
}
