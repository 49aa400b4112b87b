import type { Audience, RankingQuery, Total } from '../../shared/index.ts'
import { parseCommand } from '../command.ts'
import { FENCE_TOKENS } from '../fit-prompt.ts'
import { removeAiMention } from '../question-text.ts'
import type { ContextSourceKind } from './context-source-kinds.ts'
import type { ContextLimits } from './source-store.ts'

/** Says what is read for a question: rows of its room, pieces of documents, and other events. */
export interface RoomQuery {
  /** If true, only the rows after the asker's read position from before the present visit are read. */
  isUnreadOnly: boolean
  /** Each list has at most this many items: the newest ones, or those that fit the question best. 0 means: not read. */
  limits: RoomLimits
  /** Limits the tokens of the newest posts, in addition to `limits.posts`. It is infinite for a command. */
  postTokens: number
  /** Documents, and messages of any age, are ranked by how well they fit the texts of this query. */
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
  /** Limits the messages that are read because they fit the question, whatever their age. */
  rankedMessages: number
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

/** Limits what one reply to a plain question costs MySQL. What is read may still be too long for the prompt. */
export const QUESTION_LIMITS: RoomLimits = {
  summaries: 3,
  changes: 20,
  pins: 40,
  posts: 200,
  rounds: 10,
  rankedMessages: 20,
  documents: MAX_READ_PIECES,
  incidents: 3,
}
/** Limits what one reply to a command costs MySQL. */
const COMMAND_LIMITS: RoomLimits = {
  summaries: 10,
  changes: 100,
  pins: 100,
  posts: 300,
  rounds: 30,
  rankedMessages: 20,
  documents: MAX_READ_PIECES,
  incidents: 3,
}

/**
 * The total of a list also counts the rows that are not read. Counting stops at these numbers, so that it never costs
 * more, even in a large room. Rounds have a lower number, because each answer has to be read: a round with an empty
 * answer does not count.
 */
export const MAX_TOTALS = { changes: 500, pins: 500, posts: 500, rounds: 100 } as const

/**
 * The rows of these audiences are sources, because every person who may enter the room may read them. The audience of a
 * private session is its asker. So its rows are no sources for other sessions, not even for those of the same asker.
 */
export const SOURCE_AUDIENCES: readonly Audience[] = ['all', 'people']

/** Messages and documents are ranked by the question and at most this many earlier questions of its session. */
export const MAX_EARLIER_QUESTIONS = 2

/**
 * Plans what is read for this question. For a command, more rows of the room are read than for a plain question.
 * `earlierQuestions` lists the questions of the session before this one, the newest first. They are not used for a
 * command.
 */
export function planRoomQuery(
  question: string,
  { kinds, roomTokens }: Pick<ContextLimits, 'kinds' | 'roomTokens'>,
  earlierQuestions: readonly string[] = [],
): RoomQuery {
  const parsed = parseCommand(question)
  const limits = parsed ? COMMAND_LIMITS : QUESTION_LIMITS
  const isUnreadOnly = parsed?.command === 'catchup'
  /** Returns 0 if sources of this kind are switched off. */
  const getLimit = (kind: ContextSourceKind, limit: number): number => (kinds.has(kind) ? limit : 0)
  return {
    isUnreadOnly,
    postTokens: parsed ? Number.POSITIVE_INFINITY : roomTokens,
    rankingQuery: parsed
      ? { text: parsed.focus }
      : { text: removeAiMention(question), earlier: earlierQuestions.map(toSubject) },
    limits: {
      summaries: getLimit('summary', limits.summaries),
      changes: getLimit('change', limits.changes),
      pins: getLimit('pin', limits.pins),
      posts: getLimit('message', limits.posts),
      rounds: getLimit('message', limits.rounds),
      rankedMessages: isUnreadOnly ? 0 : getLimit('message', limits.rankedMessages),
      documents: isUnreadOnly ? 0 : getLimit('document', limits.documents),
      incidents: isUnreadOnly ? 0 : getLimit('incident', limits.incidents),
    },
  }
}

/** `estimateTokens` counts at least one token for this many bytes of prose, in any language. */
const MAX_BYTES_PER_TOKEN = 6

/**
 * Returns how many of the newest posts could fit into `maxTokens` if each had the fewest tokens that its length allows.
 * `postBytes` holds the bytes of each post's text as JSON, the newest first. A post counts as at most half of
 * `maxTokens`, because the prompt cuts a longer one.
 */
export function countPostsThatCouldFit(postBytes: readonly number[], maxTokens: number): number {
  let tokensLeft = maxTokens
  const firstTooMany = postBytes.findIndex((bytes) => {
    tokensLeft -= Math.min(FENCE_TOKENS + bytes / MAX_BYTES_PER_TOKEN, maxTokens / 2)
    return tokensLeft < 0
  })
  return firstTooMany < 0 ? postBytes.length : firstTooMany
}

/** Returns what a question is about: its text without `@AI` and without the name of a command. */
const toSubject = (question: string): string => parseCommand(question)?.focus ?? removeAiMention(question)

export const addTotals = (one: Total, other: Total): Total => ({
  count: one.count + other.count,
  isLimitReached: one.isLimitReached || other.isLimitReached,
})
