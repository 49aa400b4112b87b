import { useEvents } from '../events/events.ts'
import { getServerTimeMs } from '../page/server-clock.ts'
import { subscribeToOtherTabs } from '../page/storage.ts'
import { getSocket } from '../people/sign-in.ts'
import { AnswerEndFinder, createNotice, EventNoticeFinder } from './notices.ts'
import { NOTIFICATION_SETTINGS_KEY, reloadNotificationSettings } from './settings.ts'
import { showNotice } from './show-notice.ts'
import { acquireNotice, supportsLocks, waitToLead } from './tabs.ts'

subscribeToOtherTabs((key) => {
  if (key === NOTIFICATION_SETTINGS_KEY) reloadNotificationSettings()
})

/**
 * Notifies of mentions, critical events and finished answers. The tab that was opened first notifies of mentions and
 * critical events. One of the tabs that are subscribed to a room notifies of its answers. Returns the stop function.
 */
export function watchForNotices(user_id: string): () => void {
  if (!('Notification' in globalThis) || !supportsLocks()) return () => {}
  const [eventNoticeFinder, answerEndFinder] = [new EventNoticeFinder(), new AnswerEndFinder()]
  let isLeading = false
  const stopLeading = waitToLead(() => {
    isLeading = true
  })
  const stopEvents = useEvents.subscribe(({ events, isLoaded }) => {
    if (!isLoaded) return
    const notices = eventNoticeFinder.handleList(events, { user_id, nowMs: getServerTimeMs() })
    if (isLeading) for (const notice of notices) void showNotice(notice, user_id)
  })
  const stopFrames = getSocket().on('frame', (frame) => {
    const endedAnswer = answerEndFinder.handleFrame(frame, user_id)
    if (endedAnswer) void notifyOfAnswer(endedAnswer, user_id)
  })
  return () => {
    stopLeading()
    stopEvents()
    stopFrames()
  }
}

async function notifyOfAnswer({ event_id, message_id }: { event_id: string; message_id: string }, user_id: string) {
  const event = useEvents.getState().events.find((listed) => listed.event_id === event_id)
  if (!event || event.muted || !(await acquireNotice(message_id))) return
  await showNotice(createNotice('answer', event_id, event.event_name, message_id), user_id, message_id)
}
