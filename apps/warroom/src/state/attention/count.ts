import type { ListItem } from '../events/urgency.ts'

export interface Attention {
  unread: number
  mentions: number
}

/** Adds up the unread messages and mentions of the active events. Of a muted event, only the mentions count. */
export function countAttention(items: readonly ListItem[]): Attention {
  let [allUnread, allMentions] = [0, 0]
  for (const { event_status, muted = false, unread = 0, mentions = 0 } of items) {
    if (event_status === 'closed') continue
    allUnread += muted ? mentions : unread
    allMentions += mentions
  }
  return { unread: allUnread, mentions: allMentions }
}

const MAX_COUNT = 99

/** Formats a count in at most three characters. */
export const toShortCount = (count: number): string => (count > MAX_COUNT ? `${MAX_COUNT}+` : `${count}`)
