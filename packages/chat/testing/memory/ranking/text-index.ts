import type { IndexedText } from '../../../src/ranking/list-terms.ts'
import {
  MESSAGE_RELEVANCE_LIMITS,
  type RankedEntry,
  type RelevanceLimits,
  rankEntries,
  type TermPostings,
} from '../../../src/ranking/rank-entries.ts'
import type { TextIndex } from '../../../src/ranking/text-index.ts'
import { weighTerms } from '../../../src/ranking/weigh-terms.ts'
import type { RankingQuery } from '../../../src/shared/reply-context.ts'
import type { MemoryData } from '../memory-data.ts'

export function createMemoryTextIndex(data: MemoryData): TextIndex {
  return {
    async listRoomsBehind(limit) {
      const rooms = [...data.rooms.values()].map(({ event }) => event)
      // `indexedEvents` holds the text of the event itself, `indexedRooms` the texts of its messages.
      const behind = rooms.filter(
        ({ event_id, seq }) => !data.indexedEvents.has(event_id) || seq > (data.indexedRooms.get(event_id)?.seq ?? 0),
      )
      return behind.slice(0, limit).map(({ event_id }) => event_id)
    },
    deriveNextRows: async (...batch) => deriveNextRows(data, ...batch),
    async reset(event_id) {
      if (!data.rooms.has(event_id)) return false
      data.indexedRooms.set(event_id, { seq: 0, texts: new Map() })
      data.indexedEvents.delete(event_id)
      return true
    },
    async listFollowedRooms({ after, limit }) {
      const ids = [...data.indexedRooms.keys()].filter((event_id) => event_id > after)
      return ids.sort().slice(0, limit)
    },
    async rankMessages({ event_id, beforePosition, limit, ...query }) {
      const texts = data.indexedRooms.get(event_id)?.texts ?? new Map<number, IndexedText>()
      const ranked = rankTexts(texts, {
        ...query,
        before: beforePosition,
        limit,
        relevanceLimits: MESSAGE_RELEVANCE_LIMITS,
      })
      return ranked.map(({ entry, ...rank }) => ({ position: entry, ...rank }))
    },
    async indexNextPieces(limit, rules) {
      const waitingPieces = [...data.documents.values()].flatMap((document) =>
        document.pieces
          .filter((piece) => !data.indexedPieces.has(piece))
          .map((piece) => ({ piece, text: rules.indexPiece({ ...piece, title: document.title }) })),
      )
      const batch = waitingPieces.slice(0, limit)
      for (const { piece, text } of batch) data.indexedPieces.set(piece, text)
      return batch.length === limit
    },
    async resetPieces() {
      data.indexedPieces.clear()
    },
  }
}

/** Ranks the texts whose entry, the key of the map, is lower than `before`. */
export function rankTexts(
  texts: Map<number, IndexedText>,
  {
    before,
    limit,
    relevanceLimits,
    ...query
  }: RankingQuery & { before: number; limit: number; relevanceLimits: RelevanceLimits },
): RankedEntry[] {
  const lengths = [...texts.values()].map(({ length }) => length)
  const stats = { entryCount: texts.size, totalLength: lengths.reduce((sum, length) => sum + length, 0) }
  const earlierTexts = new Map([...texts].filter(([entry]) => entry < before))
  const terms = weighTerms(query).map(({ term, questionWeight }) => ({
    ...findPostings(earlierTexts, term),
    questionWeight,
  }))
  return rankEntries(stats, terms, limit, relevanceLimits)
}

function findPostings(texts: Map<number, IndexedText>, term: string): TermPostings {
  const holders = [...texts].filter(([, { terms }]) => terms.has(term))
  return {
    term,
    count: holders.length,
    forEach(visit) {
      for (const [entry, { terms, length }] of holders) visit(entry, terms.get(term) ?? 0, length)
    },
  }
}

function deriveNextRows(
  data: MemoryData,
  ...[event_id, limit, rules]: Parameters<TextIndex['deriveNextRows']>
): boolean {
  const room = data.rooms.get(event_id)
  const indexed = data.indexedRooms.get(event_id) ?? { seq: 0, texts: new Map<number, IndexedText>() }
  data.indexedRooms.set(event_id, indexed)
  const changed = room?.rows.map(({ row }) => row).filter(({ message }) => message.seq > indexed.seq) ?? []
  const batch = changed.sort((one, other) => one.message.seq - other.message.seq).slice(0, limit)
  const texts = batch.map((row) => [row.message.position, rules.indexRow(row)] as const)
  for (const [position, text] of texts) {
    if (text && text.length > 0) indexed.texts.set(position, text)
    else indexed.texts.delete(position)
  }
  if (room) {
    const event_summary = room.summaries.at(-1)?.event_summary ?? null
    data.indexedEvents.set(event_id, rules.indexEvent({ ...room.event, event_summary }))
  }
  const isMoreLeft = batch.length === limit
  indexed.seq = (isMoreLeft ? batch.at(-1)?.message.seq : room?.event.seq) ?? 0
  return isMoreLeft
}
