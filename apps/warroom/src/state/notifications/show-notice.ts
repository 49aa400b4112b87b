import { markDeceptive } from '@engineer-chat/markdown'
import type { Message } from '@engineer-chat/protocol'
import { getMessages } from '../../i18n/index.ts'
import { takeBeginning, toPlainLine } from '../../text/excerpt.ts'
import { navigate, toEventHash, toMessageHash } from '../page/route.ts'
import { client } from '../people/sign-in.ts'
import type { Notice } from './notices.ts'
import { mayNotify, useNotificationSettings } from './settings.ts'
import { isWatched } from './tabs.ts'

const MAX_TEXT_CHARACTERS = 200
/** The message that caused a notice is looked up among this many of the room's newest messages. */
const SEARCHED_MESSAGES = 20

/**
 * Shows a notification if the settings allow it now and no visible tab shows the event. `message_id` names the message
 * that a click opens.
 */
export async function showNotice(notice: Notice, user_id: string, message_id?: string): Promise<void> {
  const settings = useNotificationSettings.getState()
  if (!mayNotify(settings, notice.kind, new Date()) || Notification.permission !== 'granted') return
  if (await isWatched(notice.event_id)) return
  const text = settings.showsText
    ? await loadMessageText(notice, user_id, message_id).catch(() => undefined)
    : undefined
  const hash = message_id === undefined ? toEventHash(notice.event_id) : toMessageHash(notice.event_id, message_id)
  try {
    const notification = new Notification(markDeceptive(notice.event_name), {
      body: text ?? getMessages().notifications.body[notice.kind],
      tag: notice.tag,
      icon: '/favicon.svg',
    })
    notification.onclick = () => {
      window.focus()
      navigate(hash)
      notification.close()
    }
  } catch {
    // Browsers on some phones throw an error, because there only a service worker may show notifications.
  }
}

/**
 * Resolves to the beginning of the message that caused the notice; undefined for an event that became critical, or if
 * the message is not found.
 */
async function loadMessageText(
  { kind, event_id }: Notice,
  user_id: string,
  message_id?: string,
): Promise<string | undefined> {
  if (kind === 'critical') return undefined
  const { messages } = await client.listMessages(event_id, { limit: SEARCHED_MESSAGES })
  const causedNotice = (message: Message) =>
    kind === 'answer' ? message.message_id === message_id : (message.mentions?.includes(user_id) ?? false)
  const message = messages.findLast(causedNotice)
  return message && takeBeginning(toPlainLine(message), MAX_TEXT_CHARACTERS)
}
