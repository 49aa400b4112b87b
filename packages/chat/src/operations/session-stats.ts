import type { SessionFigures } from '@engineer-chat/protocol'
import type { ReplyEnd } from './reply-stats.ts'

/** Counts the sessions in which a question was asked on a day, by how their last reply of that day ended. */
export interface SessionEnds {
  /** Counts the sessions whose last reply is an answer. */
  completed: number
  /** Counts the sessions whose last reply was cancelled or failed, so nothing more was asked in them on that day. */
  abandoned: number
}

/**
 * Counts sessions by the ends of their last replies: `lastEnds` has one end for each session. A session whose last
 * reply is unfinished is neither completed nor abandoned.
 */
export function countSessionEnds(lastEnds: Iterable<ReplyEnd>): SessionEnds {
  const ends = { completed: 0, abandoned: 0 }
  for (const end of lastEnds) {
    if (end === 'answered') ends.completed += 1
    else if (end !== 'unfinished') ends.abandoned += 1
  }
  return ends
}

/** Adds the counts of several days. A session is counted on each day on which a question was asked in it. */
export function toSessionFigures(days: SessionEnds[]): SessionFigures {
  const completed = days.reduce((sum, day) => sum + day.completed, 0)
  const abandoned = days.reduce((sum, day) => sum + day.abandoned, 0)
  const ended = completed + abandoned
  return {
    completed,
    abandoned,
    completion: ended === 0 ? null : completed / ended,
    abandonment: ended === 0 ? null : abandoned / ended,
  }
}
