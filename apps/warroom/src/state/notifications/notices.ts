import { isThinking } from '@engineer-chat/client'
import type { Message, ServerFrame } from '@engineer-chat/protocol'
import type { ListItem } from '../events/urgency.ts'

export type NoticeKind = 'mention' | 'answer' | 'critical'

/**
 * A notice is a reason to show a notification of the browser. The user's settings may forbid to show it. The same
 * notice has the same `tag` in every tab.
 */
export interface Notice {
  kind: NoticeKind
  event_id: string
  event_name: string
  tag: string
}

/** Holds the fields of a listed event that are compared with the same event in the next list. */
type KnownEvent = Pick<ListItem, 'severity' | 'mentions'>

/** An event that was in no earlier list causes a notice only if its last activity was less than this time ago. */
const RECENT_MS = 120_000

/**
 * Finds new mentions and new critical events by comparing each list of events with the earlier lists. The first list
 * causes no notices.
 */
export class EventNoticeFinder {
  readonly #knownEvents = new Map<string, KnownEvent>()
  #hasFirstList = false

  /**
   * Compares a list with the earlier ones, and stores its items for the next comparison. Returns the notices. Muted and
   * closed events cause no notice.
   */
  handleList(items: readonly ListItem[], reader: { user_id: string; nowMs: number }): Notice[] {
    const notices = this.#hasFirstList ? items.flatMap((item) => this.#listNotices(item, reader)) : []
    for (const { event_id, severity, mentions } of items)
      this.#knownEvents.set(event_id, { severity, ...(mentions !== undefined && { mentions }) })
    this.#hasFirstList = true
    return notices
  }

  #listNotices(item: ListItem, { user_id, nowMs }: { user_id: string; nowMs: number }): Notice[] {
    const { event_id, event_name, severity, mentions = 0, created_by, muted = false } = item
    if (muted || item.event_status === 'closed') return []
    const knownEvent = this.#knownEvents.get(event_id)
    const lastActivityAt = item.last_activity_at ?? item.updated_at
    const isRecent = nowMs - Date.parse(lastActivityAt) < RECENT_MS
    const mayCauseNotice = knownEvent !== undefined || isRecent
    const hasNewMention = mayCauseNotice && mentions > (knownEvent?.mentions ?? 0)
    const isNewlyCritical = mayCauseNotice && severity === 'critical' && knownEvent?.severity !== 'critical'
    // The reader knows of an event that they have just created.
    const isNewOwnEvent = knownEvent === undefined && created_by === user_id
    return [
      ...(hasNewMention ? [createNotice('mention', event_id, event_name, `${mentions}/${lastActivityAt}`)] : []),
      ...(isNewlyCritical && !isNewOwnEvent ? [createNotice('critical', event_id, event_name, lastActivityAt)] : []),
    ]
  }
}

/**
 * Creates a notice. `occurrenceId` makes the tag different for each occurrence, because the browser plays no sound for
 * a notification that replaces another with the same tag.
 */
export const createNotice = (kind: NoticeKind, event_id: string, event_name: string, occurrenceId: string): Notice => ({
  kind,
  event_id,
  event_name,
  tag: `${kind}/${event_id}/${occurrenceId}`,
})

/** Watches the frames of a socket, and finds the moment when an answer to a question of the reader ends. */
export class AnswerEndFinder {
  readonly #thinkingIds = new Set<string>()

  /**
   * Remembers the answers in progress. If this frame ends an answer that was in progress in an earlier frame, returns
   * the ids of the event and the answer.
   */
  handleFrame(frame: ServerFrame, user_id: string): { event_id: string; message_id: string } | undefined {
    // Only remembers the answers in progress. The result is ignored: an answer that ended before this subscription
    // causes no notice, because that may have been long ago.
    if (frame.type === 'subscribed') for (const message of frame.messages) this.#trackAnswer(message, user_id)
    if (frame.type !== 'message' || !this.#trackAnswer(frame.message, user_id)) return undefined
    return { event_id: frame.event_id, message_id: frame.message.message_id }
  }

  /**
   * Remembers an answer while it is in progress. Returns true if the answer was remembered and has now ended, and false
   * for every other message.
   */
  #trackAnswer(message: Message, user_id: string): boolean {
    if (message.user_id !== user_id || message.reply_to === null) return false
    if (!isThinking(message)) return this.#thinkingIds.delete(message.message_id)
    this.#thinkingIds.add(message.message_id)
    return false
  }
}
