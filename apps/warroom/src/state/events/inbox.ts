import type { Inbox } from '@engineer-chat/protocol'
import { client, getSocket } from '../people/sign-in.ts'
import { addEvent, applyInbox, refreshEvents, useEvents } from './events.ts'

const REFRESH_INTERVAL_MS = 600_000
/** A node of an older version sends neither counts nor `inbox` frames, so the list is read more often. */
const INTERVAL_WITHOUT_INBOX_MS = 30_000

let refreshedAt = 0

/**
 * Follows the server's `inbox` frames, on every page. The list is read again after each gap: when the socket has
 * connected, and at most every ten minutes while the page is visible. Returns the stop function.
 */
export function followInbox(): () => void {
  const stopFrames = getSocket().on('frame', (frame) => {
    if (frame.type === 'hello') refresh()
    if (frame.type === 'inbox') void takeInbox(frame)
  })
  const refreshIfOld = () => {
    const intervalMs = hasInbox() ? REFRESH_INTERVAL_MS : INTERVAL_WITHOUT_INBOX_MS
    if (document.visibilityState === 'visible' && performance.now() - refreshedAt >= intervalMs) refresh()
  }
  const onFocus = () => (hasInbox() ? refreshIfOld() : refresh())
  const timer = setInterval(refreshIfOld, INTERVAL_WITHOUT_INBOX_MS)
  addEventListener('focus', onFocus)
  return () => {
    stopFrames()
    clearInterval(timer)
    removeEventListener('focus', onFocus)
  }
}

const hasInbox = (): boolean => useEvents.getState().events.some(({ unread }) => unread !== undefined)

function refresh(): void {
  refreshedAt = performance.now()
  void refreshEvents().catch(() => {})
}

const requestedIds = new Set<string>()

/** Takes the counts, and reads the events that the list does not have, one after the other. */
async function takeInbox(frame: Inbox): Promise<void> {
  for (const item of applyInbox(frame)) {
    if (requestedIds.has(item.event_id)) continue
    requestedIds.add(item.event_id)
    try {
      addEvent({ ...(await client.getEvent(item.event_id)), ...item })
    } catch {
      // The right was lost meanwhile, or the next frame tries again.
    } finally {
      requestedIds.delete(item.event_id)
    }
  }
}
