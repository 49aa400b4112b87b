import { createId, type RankingQuery } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'
import type { RetrievalStats } from './evaluate-documents.ts'
import { indexRoom } from './index-room.ts'
import { listRoomLines, type RoomLine } from './room-lines.ts'
import type { GoldenQuery, GoldenRoom, GoldenSet } from './types.ts'

/** A golden room has 15 messages, so with its chatter it has 315. */
const CHATTER_PER_MESSAGE = 20
/** A prompt has this number of ranked messages in addition to the newest ones. */
const RANKED_MESSAGES = 20

/** Creates the query by which the room's messages are ranked for one of its questions. */
type ToRankingQuery = (room: GoldenRoom, questionIndex: number) => RankingQuery

/** Creates the query for a question that is the first one of its session. */
const toQueryWithoutEarlier: ToRankingQuery = (room, questionIndex) => ({ text: getQuestionText(room, questionIndex) })

/**
 * Creates the query for a question whose session already has a question about another topic. The next question in the
 * room's list is used as this earlier one, because it needs another message or document.
 */
export const toQueryAfterAnotherTopic: ToRankingQuery = (room, questionIndex) => ({
  text: getQuestionText(room, questionIndex),
  earlier: [getQuestionText(room, questionIndex + 1)],
})

/** Creates the query for a short follow-up to the question. Only the question says what the follow-up is about. */
export const toFollowUpQuery: ToRankingQuery = (room, questionIndex) =>
  createFollowUpQuery(room.language, getQuestionText(room, questionIndex), questionIndex)

/** Creates the query for a short follow-up to this earlier question. The index chooses one of a few texts. */
export function createFollowUpQuery(language: GoldenRoom['language'], earlier: string, index: number): RankingQuery {
  const texts = FOLLOW_UPS[language]
  return { text: texts[index % texts.length] ?? '', earlier: [earlier] }
}

const FOLLOW_UPS: Record<GoldenRoom['language'], string[]> = {
  en: ['Why?', 'And who did that?', 'And on the other host?', 'Since when?', 'Are you sure?', 'What then?'],
  zh: ['为什么？', '那是谁做的？', '另一台主机呢？', '从什么时候开始的？', '确定吗？', '然后呢？'],
}

/** Returns the text of a question. The question after the last one is the first. */
const getQuestionText = ({ questions }: GoldenRoom, index: number): string =>
  questions[index % questions.length]?.text ?? ''

/**
 * Stores the rooms, and measures how often the message that a question needs is among the first 20 that the index finds
 * in its room. Questions that need a document do not count.
 */
export async function evaluateRooms(
  stores: Stores,
  { rooms, chatter }: Pick<GoldenSet, 'rooms' | 'chatter'>,
  toRankingQuery = toQueryWithoutEarlier,
): Promise<Record<GoldenRoom['language'], RetrievalStats>> {
  const outcomes: Record<GoldenRoom['language'], boolean[]> = { en: [], zh: [] }
  for (const room of rooms) {
    const event_id = createId()
    const { event_name, message } = room.event
    await stores.events.create({ event_id, event_name, message, context: '', ...EVENT_FIELDS })
    const positions = await postLines(stores, event_id, listRoomLines(room, chatter, CHATTER_PER_MESSAGE))
    await indexRoom(stores, event_id)
    for (const [index, question] of room.questions.entries()) {
      if (!('message' in question)) continue
      const query = {
        event_id,
        ...toRankingQuery(room, index),
        beforePosition: Number.MAX_SAFE_INTEGER, // All messages of the room are ranked.
        limit: RANKED_MESSAGES,
      }
      const ranked = await stores.textIndex.rankMessages(query)
      outcomes[room.language].push(ranked.some(({ position }) => position === positions.get(question.message)))
    }
  }
  return { en: toStats(outcomes.en), zh: toStats(outcomes.zh) }
}

const EVENT_FIELDS = {
  severity: 'high',
  source: 'golden set',
  access: 'open',
  tlp: 'amber',
  created_by: null,
} as const

/** Posts the lines, and returns the positions of the lines that have an id. */
async function postLines(stores: Stores, event_id: string, lines: RoomLine[]): Promise<Map<string, number>> {
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
  return positions
}

const toStats = (outcomes: boolean[]): RetrievalStats => ({
  recall: outcomes.filter(Boolean).length / outcomes.length,
  queries: outcomes.length,
})

/**
 * Lists the questions of rooms that need a document. Ranking was not tuned with any of them. Of the results of
 * `evaluateDocuments`, only those with `subset: 'all'` are valid. The subsets `tuned` and `held out` are chosen by the
 * last three digits of an id, and these ids do not end with three digits.
 */
export const listDocumentQueries = ({ rooms }: GoldenSet): GoldenQuery[] =>
  rooms.flatMap(({ id, language, questions }) =>
    questions.flatMap((question, index) =>
      'document' in question
        ? [{ id: `${id}-${index}`, language, kind: 'paraphrase', text: question.text, documents: [question.document] }]
        : [],
    ),
  )
