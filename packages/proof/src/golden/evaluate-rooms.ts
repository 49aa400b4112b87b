import { TEXT_RULES } from '@engineer-chat/chat/ranking'
import { createId } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'
import type { RetrievalStats } from './evaluate.ts'
import { listRoomLines, type RoomLine } from './room-lines.ts'
import type { GoldenQuery, GoldenRoom, GoldenSet } from './types.ts'

const CHATTER_PER_MESSAGE = 20
/** This many ranked messages enter a prompt beside the newest ones. */
const RANKED = 20
const BATCH = 500

/** Measures how often the message that a question needs is among the first 20 that the index finds in its room. */
export async function evaluateRooms(
  stores: Stores,
  { rooms, chatter }: GoldenSet,
): Promise<Record<GoldenRoom['language'], RetrievalStats>> {
  const found: Record<GoldenRoom['language'], boolean[]> = { en: [], zh: [] }
  for (const room of rooms) {
    const event_id = createId()
    const { event_name, message } = room.event
    await stores.events.create({ event_id, event_name, message, context: '', ...EVENT })
    const positions = await storeLines(stores, event_id, listRoomLines(room, chatter, CHATTER_PER_MESSAGE))
    for (const question of room.questions) {
      if (!('message' in question)) continue
      const query = { event_id, text: question.text, beforePosition: Number.MAX_SAFE_INTEGER, limit: RANKED }
      const ranked = await stores.textIndex.rankMessages(query)
      found[room.language].push(ranked.some(({ position }) => position === positions.get(question.message)))
    }
  }
  return { en: toStats(found.en), zh: toStats(found.zh) }
}

const EVENT = {
  severity: 'high',
  source: 'golden set',
  access: 'open',
  tlp: 'amber',
  created_by: null,
} as const

/** Posts the lines, and returns the positions of those that have an id. */
async function storeLines(stores: Stores, event_id: string, lines: RoomLine[]): Promise<Map<string, number>> {
  const positions = new Map<string, number>()
  for (const { id, from, text } of lines) {
    const { row } = await stores.messages.post({
      message_id: createId(),
      event_id,
      user_id: from,
      category: 'room',
      message_from: from,
      message_type: 'chat',
      content: { content: text },
      round_id: null,
      audience: 'all',
    })
    if (id !== undefined) positions.set(id, row.message.position)
  }
  while (await stores.textIndex.readNextMessages(event_id, BATCH, TEXT_RULES));
  return positions
}

const toStats = (found: boolean[]): RetrievalStats => ({
  recall: found.filter(Boolean).length / found.length,
  queries: found.length,
})

/** Lists the questions of rooms that need a document. Nobody has tuned ranking with them. */
export const listDocumentQueries = ({ rooms }: GoldenSet): GoldenQuery[] =>
  rooms.flatMap(({ id, language, questions }) =>
    questions.flatMap((question, index) =>
      'document' in question
        ? [{ id: `${id}-${index}`, language, kind: 'paraphrase', text: question.text, documents: [question.document] }]
        : [],
    ),
  )
