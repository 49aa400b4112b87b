import type { RoomQuery } from '@engineer-chat/chat/prompting'
import { FACTS_VERSION, type FactsVersion, readFactsVersion } from '../events/index.ts'

/**
 * Selects from `events e` which lists of a room have rows. Each list is looked up by the beginning of an index, which
 * costs MySQL much less than a further statement that finds nothing.
 */
export const LIST_FLAGS = `${FACTS_VERSION}, EXISTS (SELECT 1 FROM pins p WHERE p.event_id = e.event_id) AS has_pins,
  EXISTS (SELECT 1 FROM messages m FORCE INDEX (idx_message_category)
    WHERE m.message_category = 'room' AND m.event_id = e.event_id) AS has_posts`

export interface ListFlags extends FactsVersion {
  has_pins: number
  /** Is 1 if a person has posted, or if the timeline shows a change of the event. Posts of agents do not matter. */
  has_posts: number
}

/** Sets the limit of each empty list to 0, so that no statement reads it. */
export function omitEmptyLists(query: RoomQuery, flags: ListFlags): RoomQuery {
  const { hasChanges, hasSummary } = readFactsVersion(flags)
  const { limits } = query
  return {
    ...query,
    limits: {
      ...limits,
      changes: hasChanges ? limits.changes : 0,
      summaries: hasSummary ? limits.summaries : 0,
      pins: flags.has_pins ? limits.pins : 0,
      posts: flags.has_posts ? limits.posts : 0,
    },
  }
}
