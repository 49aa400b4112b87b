import type { RankingQuery, RoomMessage } from '../shared/index.ts'
import { indexText } from './list-terms.ts'
import { rankEntries, type TermPostings } from './rank-entries.ts'
import { weighTerms } from './weigh-terms.ts'

/** A pin is ranked by its beginning, because a room may have many long ones, and each question ranks them again. */
const MAX_PIN_CODE_UNITS = 8_192

/**
 * Marks the messages that fit the question with their rank, the best one with 1. The pins are ranked here, because the
 * index has no agents' messages. `rankedPositions` holds the positions that the index found, the best first. An answer
 * gets the better one of its own rank and its question's rank.
 */
export function markRanks<Lists extends Record<'pins' | 'messages', RoomMessage[]>>(
  lists: Lists,
  query: RankingQuery,
  rankedPositions: number[],
): Lists {
  const ranks = toRanks(rankedPositions)
  const pinRanks = toRanks(rankTexts(query, lists.pins))
  const mark = (message: RoomMessage, rank: number | undefined): RoomMessage =>
    rank === undefined ? message : { ...message, rank }
  return {
    ...lists,
    pins: lists.pins.map((pin) => mark(pin, pinRanks.get(pin.position))),
    messages: lists.messages.map((message) =>
      mark(message, findBestRank(ranks, message.position, message.question?.position)),
    ),
  }
}

const toRanks = (positions: number[]): Map<number, number> =>
  new Map(positions.map((position, index) => [position, index + 1]))

function findBestRank(ranks: Map<number, number>, ...positions: Array<number | undefined>): number | undefined {
  const foundRanks = positions.flatMap((position) => (position === undefined ? [] : (ranks.get(position) ?? [])))
  return foundRanks.length === 0 ? undefined : Math.min(...foundRanks)
}

/** Returns the positions of the messages that fit the query, the best first. */
function rankTexts(query: RankingQuery, messages: RoomMessage[]): number[] {
  if (messages.length === 0) return []
  const indexed = messages.map(({ position, content, question }) => ({
    position,
    ...indexText((question ? `${question.content}\n${content}` : content).slice(0, MAX_PIN_CODE_UNITS)),
  }))
  const stats = { entries: indexed.length, totalLength: indexed.reduce((sum, { length }) => sum + length, 0) }
  const postings = weighTerms(query).map(({ term, questionWeight }): TermPostings => {
    const holders = indexed.filter(({ terms }) => terms.has(term))
    const forEach: TermPostings['forEach'] = (visit) => {
      for (const { position, terms, length } of holders) visit(position, terms.get(term) ?? 0, length)
    }
    return { term, questionWeight, count: holders.length, forEach }
  })
  return rankEntries(stats, postings, messages.length).map(({ entry }) => entry)
}
