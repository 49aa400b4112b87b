import { useEvents } from '../events/events.ts'
import { getServerTime } from '../page/server-clock.ts'
import { subscribeToOtherTabs } from '../page/storage.ts'
import { getSocket } from '../people/sign-in.ts'
import { AnswerWatch, EventWatch, toNotice } from './notices.ts'
import { reloadNotificationSettings } from './settings.ts'
import { showNotice } from './show-notice.ts'
import { awaitLead, claim, hasLocks } from './tabs.ts'

subscribeToOtherTabs((key) => key === 'ec/notifications' && reloadNotificationSettings())

/**
 * Notifies of mentions, finished answers and critical events. The first tab notifies of events; of an answer, one of
 * the tabs that follow its room. Returns the stop function.
 */
export function watchForNotices(user_id: string): () => void {
  if (!('Notification' in globalThis) || !hasLocks()) return () => {}
  const [events, answers] = [new EventWatch(), new AnswerWatch()]
  let isLeading = false
  const stopLeading = awaitLead(() => {
    isLeading = true
  })
  const stopEvents = useEvents.subscribe(({ events: items, isLoaded }) => {
    if (!isLoaded) return
    const notices = events.compare(items, { user_id, now: getServerTime() })
    if (isLeading) for (const notice of notices) void showNotice(notice, user_id)
  })
  const stopFrames = getSocket().on('frame', (frame) => {
    const ended = answers.readFrame(frame, user_id)
    if (ended) void notifyOfAnswer(ended, user_id)
  })
  return () => {
    stopLeading()
    stopEvents()
    stopFrames()
  }
}

async function notifyOfAnswer({ event_id, message_id }: { event_id: string; message_id: string }, user_id: string) {
  const event = useEvents.getState().events.find((item) => item.event_id === event_id)
  if (!event || event.muted || !(await claim(message_id))) return
  await showNotice(toNotice('answer', event_id, event.event_name, message_id), user_id, message_id)
}
