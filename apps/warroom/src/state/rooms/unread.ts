import { isEventChange, type Message, type MessagePage } from '@engineer-chat/protocol'

/** Describes the unread messages below the unread line. */
export interface Unread {
  /** Holds the position of the unread line. The unread messages have higher positions. */
  linePosition: number
  /** Counts the unread messages that are loaded. */
  count: number
  /** Says whether there may be more unread messages than those that are loaded. */
  mayHaveMore: boolean
  /** Holds the time of the oldest unread message; null if there is none, or if it is perhaps not loaded. */
  since: string | null
}

interface UnreadInput {
  messages: readonly Message[]
  user_id: string
  linePosition: number
  /** Messages outside this range are not counted, except those of `oldestUnreadPage`. */
  range: { first: number; last: number }
  /** Says whether there are messages before the range. */
  hasOlder: boolean
  /** Holds the page of messages after `linePosition` if the range begins later; null until it has loaded. */
  oldestUnreadPage: MessagePage | null
}

/**
 * Returns true for a message of somebody else that is not a change of the event. An answer has the `user_id` of its
 * asker, so the timeline never counts it as unread for them. The list of events counts it if it is private.
 */
export const canBeUnread = (message: Message, user_id: string): boolean =>
  message.user_id !== user_id && !isEventChange(message)

/** Counts the unread messages below the unread line. */
export function countUnread({ messages, user_id, linePosition, ...loaded }: UnreadInput): Unread {
  const { range, hasOlder, oldestUnreadPage } = loaded
  const startsBeforeUnread = !hasOlder || range.first <= linePosition
  const page = startsBeforeUnread ? null : oldestUnreadPage
  const messagesBeforeRange = page?.messages.filter(({ position }) => position < range.first) ?? []
  const messagesInRange = messages.filter(
    ({ position }) => position > linePosition && position >= range.first && position <= range.last,
  )
  const unread = [...messagesBeforeRange, ...messagesInRange].filter((message) => canBeUnread(message, user_id))
  // If all messages of the page are before the range, more messages may be between the page and the range.
  const endsBeforeRange = page?.has_more === true && messagesBeforeRange.length === page.messages.length
  const hasGap = !startsBeforeUnread && (page === null || endsBeforeRange)
  return {
    linePosition,
    count: unread.length,
    mayHaveMore: hasGap || range.last !== Number.POSITIVE_INFINITY,
    since: startsBeforeUnread || page !== null ? (unread[0]?.created_at ?? null) : null,
  }
}
