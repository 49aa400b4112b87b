import type { RankingQuery, RoomMessage } from '../shared/index.ts'
import { indexText } from './list-terms.ts'
import { rankEntries, type TermPostings } from './rank-entries.ts'
import { weighTerms } from './weigh-terms.ts'

/**
 * A pin is ranked by its beginning only, because a room may have many long pins and each question ranks all of them.
 */
const MAX_PIN_CODE_UNITS = 8_192

/**
 * Returns the lists with ranks: in each list, the messages that fit the question get one, and 1 is the best. The index
 * has ranked the messages: `rankedPositions` holds the positions that it found, the best first. An answer gets its own
 * rank or the rank of its question, whichever is better. The pins are ranked here, because a pin may be an agent's
 * message, and the index has none of these.
 */
export function markRanks<Lists extends Record<'pins' | 'messages', RoomMessage[]>>(
  lists: Lists,
  query: RankingQuery,
  rankedPositions: number[],
): Lists {
  const messageRanks = toRanksByPosition(rankedPositions)
  const pinRanks = toRanksByPosition(rankPins(query, lists.pins))
  const addRank = (message: RoomMessage, rank: number | undefined): RoomMessage =>
    rank === undefined ? message : { ...message, rank }
  return {
    ...lists,
    pins: lists.pins.map((pin) => addRank(pin, pinRanks.get(pin.position))),
    messages: lists.messages.map((message) =>
      addRank(message, findBestRank(messageRanks, message.position, message.question?.position)),
    ),
  }
}

const toRanksByPosition = (positions: number[]): Map<number, number> =>
  new Map(positions.map((position, index) => [position, index + 1]))

function findBestRank(ranks: Map<number, number>, ...positions: Array<number | undefined>): number | undefined {
  const foundRanks = positions.flatMap((position) => (position === undefined ? [] : (ranks.get(position) ?? [])))
  return foundRanks.length === 0 ? undefined : Math.min(...foundRanks)
}

/** Returns the positions of the pins that fit the query, the best first. */
function rankPins(query: RankingQuery, pins: RoomMessage[]): number[] {
  if (pins.length === 0) return []
  const indexed = pins.map(({ position, content, question }) => ({
    position,
    ...indexText((question ? `${question.content}\n${content}` : content).slice(0, MAX_PIN_CODE_UNITS)),
  }))
  const stats = { entryCount: indexed.length, totalLength: indexed.reduce((sum, { length }) => sum + length, 0) }
  const postings = weighTerms(query).map(({ term, questionWeight }): TermPostings => {
    const holders = indexed.filter(({ terms }) => terms.has(term))
    const forEach: TermPostings['forEach'] = (visit) => {
      for (const { position, terms, length } of holders) visit(position, terms.get(term) ?? 0, length)
    }
    return { term, questionWeight, count: holders.length, forEach }
  })
  return rankEntries(stats, postings, pins.length).map(({ entry }) => entry)
}
