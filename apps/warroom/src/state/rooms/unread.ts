import { isEventChange, type Message, type MessagePage } from '@engineer-chat/protocol'

/** Says what stands below the unread line. */
export interface Unread {
  /** The line is drawn below this position. */
  readPosition: number
  count: number
  /** Is true if there may be more unread rows than those that are loaded. */
  isAtLeast: boolean
  /** Holds the time of the oldest unread row; null if that row is not loaded. */
  since: string | null
}

interface UnreadInput {
  messages: readonly Message[]
  user_id: string
  readPosition: number
  /** Rows outside this range are not shown. */
  range: { first: number; last: number }
  /** Is true if there are rows before the range. */
  hasOlder: boolean
  /** Holds the page after `readPosition` if the range begins later; null until it has loaded. */
  oldestPage: MessagePage | null
}

/** Returns true for a row of others, as the list of events counts them; a change of the event is not unread. */
export const isUnread = (message: Message, user_id: string): boolean =>
  message.user_id !== user_id && !isEventChange(message)

/** Counts the unread rows after the read position. */
export function countUnread({ messages, user_id, readPosition, ...loaded }: UnreadInput): Unread {
  const { range, hasOlder, oldestPage } = loaded
  const reachesLine = !hasOlder || range.first <= readPosition
  const page = reachesLine ? null : oldestPage
  const before = page?.messages.filter(({ position }) => position < range.first) ?? []
  const shown = messages.filter(
    ({ position }) => position > readPosition && position >= range.first && position <= range.last,
  )
  const rows = [...before, ...shown].filter((message) => isUnread(message, user_id))
  const hasGap = !reachesLine && (page === null || (page.has_more && before.length === page.messages.length))
  return {
    readPosition,
    count: rows.length,
    isAtLeast: hasGap || range.last !== Number.POSITIVE_INFINITY,
    since: reachesLine || page !== null ? (rows[0]?.created_at ?? null) : null,
  }
}
