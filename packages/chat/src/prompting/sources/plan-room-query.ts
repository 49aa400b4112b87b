import type { Audience, Total } from '../../shared/index.ts'
import { parseCommand } from '../command.ts'
import { removeMention } from '../mention.ts'
import type { ContextSource } from './context-sources.ts'

/** Says what of a room is read for a question. */
export interface RoomQuery {
  /** If true, only what follows the asker's read mark at the start of this visit is read. */
  isUnreadOnly: boolean
  /** Holds the most that is read of each list, the newest first. Nothing is read of a list with 0. */
  limits: RoomLimits
  /** Messages, however old they are, and documents are ranked by how well they fit this text. */
  rankedText: string
}

export interface RoomLimits {
  summaries: number
  changes: number
  pins: number
  /** Limits people's posts. */
  posts: number
  /** Limits the turns of chats that are shared with the room. */
  turns: number
  /** Limits the messages that are read because they fit the question. */
  ranked: number
  /** Limits the pieces of documents that fit the question. */
  documents: number
  /** Limits other events that were like this one. */
  incidents: number
}

/** A prompt has at most this many pieces of documents. */
export const MAX_TOLD_DOCUMENTS = 4
/** More are read than are told, because the first ones may be newer than the question, or red and the model outside. */
const MAX_READ_DOCUMENTS = 3 * MAX_TOLD_DOCUMENTS

/** The prompt leaves out what does not fit, so these bound what one reply costs MySQL. */
export const QUESTION_LIMITS: RoomLimits = {
  summaries: 3,
  changes: 20,
  pins: 40,
  posts: 60,
  turns: 10,
  ranked: 20,
  documents: MAX_READ_DOCUMENTS,
  incidents: 3,
}
const COMMAND_LIMITS: RoomLimits = {
  summaries: 10,
  changes: 100,
  pins: 100,
  posts: 300,
  turns: 30,
  ranked: 20,
  documents: MAX_READ_DOCUMENTS,
  incidents: 3,
}

/**
 * Counts end here, so that they cost the same in every room. To count a turn, its answer has to be read, because an empty
 * one is left out.
 */
export const MAX_COUNTED = { changes: 1_000, pins: 1_000, posts: 1_000, turns: 200 } as const

/**
 * Every person who may enter the room reads the rows of these audiences. A private session has its owner's, so that it
 * is no source of any other session, not even of the owner's own.
 */
export const SOURCE_AUDIENCES: readonly Audience[] = ['all', 'people']

/** Plans what is read of the room for this question: a command reads more of each kind than another question. */
export function planRoomQuery(question: string, kinds: ReadonlySet<ContextSource>): RoomQuery {
  const command = parseCommand(question)
  const limits = command ? COMMAND_LIMITS : QUESTION_LIMITS
  const isUnreadOnly = command?.command === 'catchup'
  const limit = (kind: ContextSource, count: number): number => (kinds.has(kind) ? count : 0)
  return {
    isUnreadOnly,
    rankedText: command ? command.focus : removeMention(question),
    limits: {
      summaries: limit('summary', limits.summaries),
      changes: limit('change', limits.changes),
      pins: limit('pin', limits.pins),
      posts: limit('message', limits.posts),
      turns: limit('message', limits.turns),
      ranked: isUnreadOnly ? 0 : limit('message', limits.ranked),
      documents: isUnreadOnly ? 0 : limit('document', limits.documents),
      incidents: isUnreadOnly ? 0 : limit('incident', limits.incidents),
    },
  }
}

export const addTotals = (one: Total, other: Total): Total => ({
  count: one.count + other.count,
  isLimited: one.isLimited || other.isLimited,
})
