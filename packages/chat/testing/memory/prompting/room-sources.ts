import {
  addTotals,
  countPostsThatCouldFit,
  MAX_TOTALS,
  planRoomQuery,
  type RoomQuery,
  SOURCE_AUDIENCES,
} from '../../../src/prompting/sources/plan-room-query.ts'
import { toRoomMessage } from '../../../src/prompting/sources/room-message.ts'
import { type ContextLimits, VISIT_PAUSE_MINUTES } from '../../../src/prompting/sources/source-store.ts'
import { markRanks } from '../../../src/ranking/mark-ranks.ts'
import type { RoomMessage, RoomSources, Total } from '../../../src/shared/reply-context.ts'
import type { MemoryData, MessageRecord, StoredRoom } from '../memory-data.ts'
import { createMemoryTextIndex } from '../ranking/text-index.ts'

/** Describes a stored question, or one that would be asked now. */
export interface AskedQuestion {
  user_id: string
  session_id: string | null
  /** Only rows before this position are read. */
  beforePosition: number
  /** Only messages that were pinned by this time count as pinned. */
  askedAt: string
  text: string
  /** Lists the questions of its session before it, the newest first. */
  earlierQuestions: string[]
}

export async function readRoomSources(
  data: MemoryData,
  room: StoredRoom,
  asked: AskedQuestion,
  contextLimits: ContextLimits,
): Promise<RoomSources> {
  const query = planRoomQuery(asked.text, contextLimits, asked.earlierQuestions)
  const { limits, rankingQuery } = query
  const rankedPositions = await rankPositions(data, room, asked, query)
  const readPosition = query.isUnreadOnly ? findReadPosition(data, room, asked.user_id) : null
  const afterPosition = readPosition ?? 0
  const isBetween = (position: number): boolean => position > afterPosition && position < asked.beforePosition
  const pins = listPins(room, asked, query, afterPosition)
  const messages = listMessages(room, asked, query).filter(({ row }) => isBetween(row.message.position))
  const posts = messages.filter(({ row }) => row.message.message_category === 'room')
  const rounds = messages.filter(({ row }) => row.message.message_category !== 'room')
  const changes = limits.changes === 0 ? [] : room.changes.filter(({ seq }) => isBetween(seq))
  const describe = (stored: MessageRecord): RoomMessage => describeMessage(data, stored)
  const lists = {
    pins: takeNewest(pins, limits.pins).map(describe),
    messages: [
      ...new Set([
        ...takePostsThatCouldFit(takeNewest(posts, limits.posts), query),
        ...takeNewest(rounds, limits.rounds),
        ...findRanked(messages, rankedPositions, data),
      ]),
    ]
      .map(describe)
      .sort((a, b) => a.position - b.position),
  }
  return {
    readPosition,
    summaries: takeNewest(
      room.summaries.filter(({ version }) => isBetween(Number(version))),
      limits.summaries,
    ),
    changes: takeNewest(changes, limits.changes),
    ...markRanks(lists, rankingQuery, rankedPositions),
    totals: {
      changes: countAtMost(MAX_TOTALS.changes, changes),
      pins: countAtMost(MAX_TOTALS.pins, pins),
      messages: addTotals(countAtMost(MAX_TOTALS.posts, posts), countAtMost(MAX_TOTALS.rounds, rounds)),
    },
  }
}

const countAtMost = (max: number, { length }: unknown[]): Total => ({
  count: Math.min(max, length),
  isLimitReached: length >= max,
})

const takeNewest = <T>(items: T[], limit: number): T[] => (limit === 0 ? [] : items.slice(-limit))

function takePostsThatCouldFit(posts: MessageRecord[], { postTokens }: RoomQuery): MessageRecord[] {
  const bytes = posts.map(({ row }) =>
    Buffer.byteLength(JSON.stringify({ ...row.message.message_content, quote: undefined })),
  )
  return takeNewest(posts, countPostsThatCouldFit(bytes.reverse(), postTokens))
}

function rankPositions(
  data: MemoryData,
  room: StoredRoom,
  { beforePosition }: AskedQuestion,
  { limits, rankingQuery }: RoomQuery,
): Promise<number[]> {
  if (limits.rankedMessages === 0) return Promise.resolve([])
  const rankQuery = { event_id: room.event.event_id, ...rankingQuery, beforePosition, limit: limits.rankedMessages }
  return createMemoryTextIndex(data)
    .rankMessages(rankQuery)
    .then((rankedMessages) => rankedMessages.map(({ position }) => position))
}

/** Finds the messages at these positions, and the answers to questions at these positions. */
function findRanked(messages: MessageRecord[], rankedPositions: number[], data: MemoryData): MessageRecord[] {
  const positions = new Set(rankedPositions)
  return messages.filter(({ row: { message } }) => {
    const question = data.messages.get(message.reply_to ?? '')?.row.message
    return positions.has(message.position) || (question !== undefined && positions.has(question.position))
  })
}

const isPinned = ({ row }: MessageRecord, { askedAt }: AskedQuestion): boolean =>
  row.message.pinned !== undefined && row.message.pinned.at <= askedAt

const isForEveryPerson = ({ row }: MessageRecord): boolean => SOURCE_AUDIENCES.includes(row.audience)

function listPins(
  room: StoredRoom,
  asked: AskedQuestion,
  { limits }: RoomQuery,
  afterPosition: number,
): MessageRecord[] {
  if (limits.pins === 0) return []
  return room.rows.filter(
    (stored) =>
      isPinned(stored, asked) &&
      isForEveryPerson(stored) &&
      stored.row.message.message_type !== 'thinking' &&
      stored.row.message.position < asked.beforePosition &&
      stored.row.message.seq > afterPosition,
  )
}

/** Lists people's posts and the finished rounds of other shared sessions. */
function listMessages(room: StoredRoom, asked: AskedQuestion, { limits }: RoomQuery): MessageRecord[] {
  if (limits.posts === 0) return []
  return room.rows.filter((stored) => {
    const { message_category, message_type, sender_type, chat_session_id, message_content } = stored.row.message
    if (!isForEveryPerson(stored) || (limits.pins > 0 && isPinned(stored, asked))) return false
    if (message_category === 'room') return sender_type === 'user'
    const isAnswer = sender_type === 'ai' && message_type === 'chat' && message_content.content.trim() !== ''
    return isAnswer && chat_session_id !== asked.session_id
  })
}

function describeMessage(data: MemoryData, { row: { message } }: MessageRecord): RoomMessage {
  const question = message.reply_to === null ? undefined : data.messages.get(message.reply_to)?.row.message
  const findName = (user_id: string | null): string | null => data.users.get(user_id ?? '')?.user.username ?? null
  return toRoomMessage({
    ...message,
    username: findName(message.user_id),
    question: question
      ? {
          username: findName(question.user_id),
          content: question.message_content.content,
          position: question.position,
        }
      : null,
  })
}

function findReadPosition(data: MemoryData, room: StoredRoom, user_id: string): number | null {
  const mark = room.readMarks.get(user_id)
  if (!mark || mark.position === 0) return null
  return data.now() - mark.at > VISIT_PAUSE_MINUTES * 60_000 ? mark.position : mark.visit_position
}
