import type { ListItem } from '../events/urgency.ts'

/** Holds the counts of messages that wait for the reader. */
export interface AttentionCounts {
  unread: number
  mentions: number
}

/** Adds up the unread messages and mentions of the active events. In a muted event, only mentions are counted. */
export function countAttention(items: readonly ListItem[]): AttentionCounts {
  let [allUnread, allMentions] = [0, 0]
  for (const { event_status, muted = false, unread = 0, mentions = 0 } of items) {
    if (event_status === 'closed') continue
    allUnread += muted ? mentions : unread
    allMentions += mentions
  }
  return { unread: allUnread, mentions: allMentions }
}

const MAX_SHOWN_COUNT = 99

/** Formats a count in at most three characters, such as `7` or `99+`. */
export const toShortCount = (count: number): string => (count > MAX_SHOWN_COUNT ? `${MAX_SHOWN_COUNT}+` : `${count}`)
