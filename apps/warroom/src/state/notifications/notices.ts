import { isThinking } from '@engineer-chat/client'
import type { Message, ServerFrame } from '@engineer-chat/protocol'
import type { ListItem } from '../events/urgency.ts'

export type NoticeKind = 'mention' | 'answer' | 'critical'

/** Tells the reader of news in an event. The same news has the same `tag` in every tab. */
export interface Notice {
  kind: NoticeKind
  event_id: string
  event_name: string
  tag: string
}

/** Holds what was known of an event before. */
type Seen = Pick<ListItem, 'severity' | 'mentions'>

/** An event that the list did not have is new if something happened in it this recently. */
const RECENT_MS = 120_000

/** Remembers the events and finds what is new in each later list. The first list is not new. */
export class EventWatch {
  readonly #seen = new Map<string, Seen>()
  #hasBegun = false

  /** Returns the notices, and remembers the items. A muted or closed event gives none. */
  compare(items: readonly ListItem[], reader: { user_id: string; now: number }): Notice[] {
    const notices = this.#hasBegun ? items.flatMap((item) => this.#listNotices(item, reader)) : []
    for (const { event_id, severity, mentions } of items)
      this.#seen.set(event_id, { severity, ...(mentions !== undefined && { mentions }) })
    this.#hasBegun = true
    return notices
  }

  #listNotices(item: ListItem, { user_id, now }: { user_id: string; now: number }): Notice[] {
    const { event_id, event_name, severity, mentions = 0, created_by, muted = false } = item
    if (muted || item.event_status === 'closed') return []
    const before = this.#seen.get(event_id)
    const { last_activity_at: at = item.updated_at } = item
    const isRecent = now - Date.parse(at) < RECENT_MS
    const mayBeNew = before !== undefined || isRecent
    const isMentioned = mayBeNew && mentions > (before?.mentions ?? 0)
    const isCritical =
      mayBeNew && severity === 'critical' && before?.severity !== 'critical' && (before || created_by !== user_id)
    return [
      ...(isMentioned ? [toNotice('mention', event_id, event_name, `${mentions}/${at}`)] : []),
      ...(isCritical ? [toNotice('critical', event_id, event_name, at)] : []),
    ]
  }
}

/** A notification that replaces one with the same tag makes no sound, so each occurrence has a tag of its own. */
export const toNotice = (kind: NoticeKind, event_id: string, event_name: string, occurrenceId: string): Notice => ({
  ...{ kind, event_id, event_name },
  tag: `${kind}/${event_id}/${occurrenceId}`,
})

/** Finds in the frames of a socket which of the reader's own answers have ended. */
export class AnswerWatch {
  readonly #thinkingIds = new Set<string>()

  /** Returns the id of the answer that ended by this frame. */
  readFrame(frame: ServerFrame, user_id: string): { event_id: string; message_id: string } | undefined {
    if (frame.type === 'subscribed') for (const message of frame.messages) this.#trackReply(message, user_id)
    if (frame.type !== 'message' || !this.#trackReply(frame.message, user_id)) return undefined
    return { event_id: frame.event_id, message_id: frame.message.message_id }
  }

  /** Remembers a reply that is in progress. Returns true if the message ends a remembered one. */
  #trackReply(message: Message, user_id: string): boolean {
    if (message.user_id !== user_id || message.reply_to === null) return false
    if (!isThinking(message)) return this.#thinkingIds.delete(message.message_id)
    this.#thinkingIds.add(message.message_id)
    return false
  }
}
