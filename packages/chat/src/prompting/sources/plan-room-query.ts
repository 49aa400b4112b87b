import type { Audience, RankingQuery, Total } from '../../shared/index.ts'
import { parseCommand } from '../command.ts'
import { FENCE_TOKENS } from '../fit-sources.ts'
import { removeMention } from '../mention.ts'
import type { ContextSource } from './context-sources.ts'
import type { ContextScope } from './source-store.ts'

/** Says what of a room is read for a question. */
export interface RoomQuery {
  /** If true, only what follows the asker's read mark at the start of this visit is read. */
  isUnreadOnly: boolean
  /** Holds the most that is read of each list, the newest first. Nothing is read of a list with 0. */
  limits: RoomLimits
  /** The newest posts are read until these tokens are used. They are infinite for a command. */
  postTokens: number
  /** Messages, however old they are, and documents are ranked by how well they fit this. */
  rankingQuery: RankingQuery
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
export const MAX_PROMPT_DOCUMENTS = 4
/**
 * More are read than a prompt contains, because some may be newer than the question, or may be TLP:RED while the model
 * is outside.
 */
const MAX_READ_DOCUMENTS = 3 * MAX_PROMPT_DOCUMENTS

/** The prompt leaves out what does not fit, so these bound what one reply costs MySQL. */
export const QUESTION_LIMITS: RoomLimits = {
  summaries: 3,
  changes: 20,
  pins: 40,
  posts: 200,
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
 * Counting stops at these numbers, so that it costs the same in every room. Turns have a lower limit: each answer has
 * to be read, because a turn with an empty answer does not count.
 */
export const MAX_COUNTED = { changes: 500, pins: 500, posts: 500, turns: 100 } as const

/**
 * Every person who may enter the room reads the rows of these audiences. A private session has its owner as audience,
 * so it is not a source of any other session, not even of another one of its owner.
 */
export const SOURCE_AUDIENCES: readonly Audience[] = ['all', 'people']

/** Messages and documents are ranked by the question and at most this many earlier questions of its session. */
export const MAX_EARLIER_QUESTIONS = 2

/**
 * Plans what is read of the room for this question: a command reads more of each kind than a plain question. `earlier`
 * lists the questions of the session before it, the newest first. A command needs no earlier question.
 */
export function planRoomQuery(
  question: string,
  { kinds, roomTokens }: Pick<ContextScope, 'kinds' | 'roomTokens'>,
  earlier: readonly string[] = [],
): RoomQuery {
  const command = parseCommand(question)
  const limits = command ? COMMAND_LIMITS : QUESTION_LIMITS
  const isUnreadOnly = command?.command === 'catchup'
  const limit = (kind: ContextSource, count: number): number => (kinds.has(kind) ? count : 0)
  return {
    isUnreadOnly,
    postTokens: command ? Number.POSITIVE_INFINITY : roomTokens,
    rankingQuery: command
      ? { text: command.focus }
      : { text: removeMention(question), earlier: earlier.map(toSubject) },
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

/** A token of prose has no more bytes than this in any language. */
const MAX_BYTES_PER_TOKEN = 6

/**
 * Returns how many of the newest posts could fit into these tokens, from their lengths in bytes, the newest first. The
 * prompt cuts a post that is longer than half of its space.
 */
export function countPostsThatCouldFit(bytes: readonly number[], tokens: number): number {
  let left = tokens
  const count = bytes.findIndex((length) => {
    left -= Math.min(FENCE_TOKENS + length / MAX_BYTES_PER_TOKEN, tokens / 2)
    return left < 0
  })
  return count < 0 ? bytes.length : count
}

/** A mention says nothing about the subject, and neither does the name of a command. */
const toSubject = (question: string): string => parseCommand(question)?.focus ?? removeMention(question)

export const addTotals = (one: Total, other: Total): Total => ({
  count: one.count + other.count,
  isLimited: one.isLimited || other.isLimited,
})
