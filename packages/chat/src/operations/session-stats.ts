import type { SessionFigures } from '@engineer-chat/protocol'
import type { ReplyEnd } from './reply-stats.ts'

/**
 * Counts the sessions in which a question was asked on one day. The end of a session's last reply of that day decides
 * which count has the session. If that reply is unfinished, no count has it.
 */
export interface SessionEnds {
  /** Counts the sessions whose last reply is an answer. */
  completed: number
  /** Counts the sessions whose last reply was cancelled or failed, and no question followed on that day. */
  abandoned: number
}

/** Counts the sessions of one day. `lastReplyEnds` has one item for each session: the end of its last reply. */
export function countSessionEnds(lastReplyEnds: Iterable<ReplyEnd>): SessionEnds {
  const ends = { completed: 0, abandoned: 0 }
  for (const end of lastReplyEnds) {
    if (end === 'answered') ends.completed += 1
    else if (end !== 'unfinished') ends.abandoned += 1
  }
  return ends
}

/**
 * Adds the counts of several days and computes the shares. A session with questions on two days is counted twice. The
 * shares are null if no session ended.
 */
export function toSessionFigures(days: SessionEnds[]): SessionFigures {
  const completed = days.reduce((sum, day) => sum + day.completed, 0)
  const abandoned = days.reduce((sum, day) => sum + day.abandoned, 0)
  const total = completed + abandoned
  return {
    completed,
    abandoned,
    completion: total === 0 ? null : completed / total,
    abandonment: total === 0 ? null : abandoned / total,
  }
}
