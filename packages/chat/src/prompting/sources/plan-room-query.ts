import type { Audience, RankingQuery, Total } from '../../shared/index.ts'
import { parseCommand } from '../command.ts'
import { FENCE_TOKENS } from '../fit-prompt.ts'
import { removeAiMention } from '../question-text.ts'
import type { ContextSourceKind } from './context-source-kinds.ts'
import type { ContextLimits } from './source-store.ts'

/** Says which rows of a room, pieces of documents and other events are read for a question. */
export interface RoomQuery {
  /** If true, only rows are read that are newer than the asker's read position from before the present visit. */
  isUnreadOnly: boolean
  /** Limits the rows that are read of each list: the newest, or those that fit the question best. 0 reads none. */
  limits: RoomLimits
  /** The newest posts are read until this number of tokens is used. It is infinite for a command. */
  postTokens: number
  /** Documents and messages of any age are ranked by how well they fit these texts. */
  rankingQuery: RankingQuery
}

export interface RoomLimits {
  summaries: number
  changes: number
  pins: number
  /** Limits people's posts. */
  posts: number
  /** Limits the rounds (a question and its answer) of chats that are shared with the room. */
  rounds: number
  /** Limits the messages that are read because they fit the question. */
  ranked: number
  /** Limits the pieces of documents that fit the question. */
  documents: number
  /** Limits the other events that are similar to this one. */
  incidents: number
}

/** A prompt has at most this many pieces of documents. */
export const MAX_PROMPT_PIECES = 4
/**
 * More pieces are read than a prompt contains, because some may be newer than the question, or may be TLP:RED while the
 * model is outside.
 */
const MAX_READ_PIECES = 3 * MAX_PROMPT_PIECES

/** These limits bound what one reply costs MySQL. The prompt leaves out what does not fit, anyway. */
export const QUESTION_LIMITS: RoomLimits = {
  summaries: 3,
  changes: 20,
  pins: 40,
  posts: 200,
  rounds: 10,
  ranked: 20,
  documents: MAX_READ_PIECES,
  incidents: 3,
}
const COMMAND_LIMITS: RoomLimits = {
  summaries: 10,
  changes: 100,
  pins: 100,
  posts: 300,
  rounds: 30,
  ranked: 20,
  documents: MAX_READ_PIECES,
  incidents: 3,
}

/**
 * The total of a list also counts the rows that are not read. Counting stops at these numbers, so that it costs the same
 * in every room. Rounds have a lower limit: each answer has to be read, because a round with an empty answer does not
 * count.
 */
export const MAX_TOTALS = { changes: 500, pins: 500, posts: 500, rounds: 100 } as const

/**
 * Every person who may enter the room may read the rows of these audiences. A private session has its owner as
 * audience, so it is not a source of any other session, not even of another one of its owner.
 */
export const SOURCE_AUDIENCES: readonly Audience[] = ['all', 'people']

/** Messages and documents are ranked by the question and at most this many earlier questions of its session. */
export const MAX_EARLIER_QUESTIONS = 2

/**
 * Plans what is read of the room for this question: a command reads more rows of the room than a plain question.
 * `earlier` lists the questions of the session before this one, the newest first. A command needs no earlier question.
 */
export function planRoomQuery(
  question: string,
  { kinds, roomTokens }: Pick<ContextLimits, 'kinds' | 'roomTokens'>,
  earlier: readonly string[] = [],
): RoomQuery {
  const command = parseCommand(question)
  const limits = command ? COMMAND_LIMITS : QUESTION_LIMITS
  const isUnreadOnly = command?.command === 'catchup'
  const getLimit = (kind: ContextSourceKind, count: number): number => (kinds.has(kind) ? count : 0)
  return {
    isUnreadOnly,
    postTokens: command ? Number.POSITIVE_INFINITY : roomTokens,
    rankingQuery: command
      ? { text: command.focus }
      : { text: removeAiMention(question), earlier: earlier.map(toSubject) },
    limits: {
      summaries: getLimit('summary', limits.summaries),
      changes: getLimit('change', limits.changes),
      pins: getLimit('pin', limits.pins),
      posts: getLimit('message', limits.posts),
      rounds: getLimit('message', limits.rounds),
      ranked: isUnreadOnly ? 0 : getLimit('message', limits.ranked),
      documents: isUnreadOnly ? 0 : getLimit('document', limits.documents),
      incidents: isUnreadOnly ? 0 : getLimit('incident', limits.incidents),
    },
  }
}

/** A token of prose has no more bytes than this in any language. */
const MAX_BYTES_PER_TOKEN = 6

/**
 * Returns how many of the newest posts could fit into this many tokens. `postBytes` holds the length of each post, the
 * newest first. A post counts for at most half of `maxTokens`, because the prompt cuts a longer one.
 */
export function countPostsThatCouldFit(postBytes: readonly number[], maxTokens: number): number {
  let tokensLeft = maxTokens
  const count = postBytes.findIndex((bytes) => {
    tokensLeft -= Math.min(FENCE_TOKENS + bytes / MAX_BYTES_PER_TOKEN, maxTokens / 2)
    return tokensLeft < 0
  })
  return count < 0 ? postBytes.length : count
}

/** Returns the question without its `@AI` and the name of its command, which say nothing about its subject. */
const toSubject = (question: string): string => parseCommand(question)?.focus ?? removeAiMention(question)

export const addTotals = (one: Total, other: Total): Total => ({
  count: one.count + other.count,
  isLimited: one.isLimited || other.isLimited,
})
