import {
  addTotals,
  MAX_COUNTED,
  type ReadMessage,
  type RoomQuery,
  SOURCE_AUDIENCES,
  toRoomMessage,
} from '@engineer-chat/chat/prompting'
import { markRanks, type RankedMessage } from '@engineer-chat/chat/ranking'
import type { EventChange, RoomMessage, RoomSources, Total } from '@engineer-chat/chat/shared'
import type { EventSummary } from '@engineer-chat/protocol'
import type { Pool } from 'mysql2/promise'
import { createRead, parseJson, runTogether, type Statement, toIso } from '../core/index.ts'
import { SUMMARY_COLUMNS, type SummaryRecord, toSummary } from '../events/index.ts'
import type { MessageRecord } from '../rooms/index.ts'
import { type Labels, selectContent, toLabelledSources } from './labelled-content.ts'

/** Says where a question stands, or would stand. */
export interface Place {
  event_id: string
  chat_session_id: string | null
  /** Only what stands before this position is read. */
  position: number
  /** Only what was pinned by this time counts as pinned, as MySQL writes the time. */
  asked_at: string
  /** The asker had read up to this position before this visit. It is null if the asker never read there. */
  read_position: number | null
}

/** Is above every position. */
export const END = Number.MAX_SAFE_INTEGER
/** Is after every time of a pin. */
export const LATER = '9999-12-31 23:59:59.999'

/** Is before every time of a pin. */
const NEVER = '1970-01-01 00:00:00.000'

/** Bounds what is read: behind `after` and before `before`, in the columns that the statements name. */
interface Stretch {
  event_id: string
  session_id: string
  after: number
  before: number
  asked_at: string
  /** A pinned message is told once, as a pin. If pins are not told, this is before every pin. */
  unpinned_at: string
}

const toStretch = (place: Place, { limits, isUnreadOnly }: RoomQuery): Stretch & { since: number | null } => {
  const since = isUnreadOnly ? toNumber(place.read_position) : null
  return {
    since,
    event_id: place.event_id,
    session_id: place.chat_session_id ?? '',
    after: since ?? 0,
    before: place.position,
    asked_at: place.asked_at,
    unpinned_at: limits.pins === 0 ? NEVER : place.asked_at,
  }
}

/**
 * Lists the statements that read the newest of each kind for a question. A statement whose kind is switched off is left
 * out. They are SQL by hand, because every reply runs them.
 */
export function selectRoomSources(place: Place, query: RoomQuery) {
  const { limits } = query
  const stretch = toStretch(place, query)
  const ifRead = <R>(limit: number, statement: Statement<R>): Statement<R> | undefined =>
    limit === 0 ? undefined : statement
  return [
    ifRead(limits.summaries, selectSummaries(stretch, limits.summaries)),
    ifRead(limits.changes, selectChanges(stretch, limits.changes)),
    ifRead(limits.changes, count(CHANGES, [stretch.event_id, stretch.after, stretch.before], MAX_COUNTED.changes)),
    ifRead(limits.pins, selectMessages(PINS, listPinValues(stretch), limits.pins)),
    ifRead(limits.pins, count(PINS, listPinValues(stretch), MAX_COUNTED.pins)),
    ifRead(limits.posts, selectMessages(POSTS, listPostValues(stretch), limits.posts)),
    ifRead(limits.posts, count(POSTS, listPostValues(stretch), MAX_COUNTED.posts)),
    ifRead(limits.turns, selectMessages(TURNS, listTurnValues(stretch), limits.turns)),
    ifRead(limits.turns, count(TURNS, listTurnValues(stretch), MAX_COUNTED.turns)),
  ] as const
}

type Results = [
  summaries: EventSummary[] | undefined,
  changes: EventChange[] | undefined,
  changeTotal: Total | undefined,
  pins: RoomMessage[] | undefined,
  pinTotal: Total | undefined,
  posts: RoomMessage[] | undefined,
  postTotal: Total | undefined,
  turns: RoomMessage[] | undefined,
  turnTotal: Total | undefined,
]

const NOTHING: Total = { count: 0, isLimited: false }

export function toRoomSources(place: Place, query: RoomQuery, results: Results): RoomSources {
  const [summaries = [], changes = [], changeTotal = NOTHING, pins = [], pinTotal = NOTHING, ...messages] = results
  const [posts = [], postTotal = NOTHING, turns = [], turnTotal = NOTHING] = messages
  return {
    since: toStretch(place, query).since,
    summaries,
    changes,
    pins,
    messages: [...posts, ...turns].sort((a, b) => a.position - b.position),
    totals: { changes: changeTotal, pins: pinTotal, messages: addTotals(postTotal, turnTotal) },
  }
}

/** Adds the messages that fit the question and are older than the newest, and marks how well each one fits. */
export async function addRankedMessages(
  pool: Pool,
  place: Place,
  query: RoomQuery,
  room: RoomSources,
  ranked: RankedMessage[],
): Promise<RoomSources> {
  const positions = ranked.map(({ position }) => position)
  const known = new Set(room.messages.flatMap(({ position, question }) => [position, question?.position]))
  const missing = positions.filter((position) => !known.has(position))
  if (missing.length === 0) return markRanks(room, query.rankedText, positions)
  const stretch = toStretch(place, query)
  const found = await runTogether(pool, [
    selectMessages(`${POSTS} AND m.position IN (?)`, [...listPostValues(stretch), missing], missing.length),
    selectMessages(`${TURNS} AND m.position IN (?)`, [...listTurnValues(stretch), missing], missing.length),
    selectMessages(TURNS_BY_QUESTION, [stretch.event_id, missing, ...listTurnValues(stretch)], missing.length),
  ])
  const messages = new Map([...room.messages, ...found.flat()].map((one) => [one.position, one]))
  const sorted = [...messages.values()].sort((a, b) => a.position - b.position)
  return markRanks({ ...room, messages: sorted }, query.rankedText, positions)
}

const toNumber = (value: number | null): number | null => (value === null ? null : Number(value))

// A summary's version is the room's number that it took.
const selectSummaries = ({ event_id, after, before }: Stretch, limit: number): Statement<EventSummary[]> =>
  createRead<SummaryRecord, EventSummary[]>(
    `SELECT ${SUMMARY_COLUMNS} FROM summaries
     WHERE event_id = ? AND CAST(version AS UNSIGNED) > ? AND CAST(version AS UNSIGNED) < ? ORDER BY id DESC LIMIT ?`,
    [event_id, after, before, limit],
    (rows) => rows.toReversed().map(toSummary),
  )

const CHANGES = 'FROM event_changes WHERE event_id = ? AND seq > ? AND seq < ?'

const selectChanges = ({ event_id, after, before }: Stretch, limit: number): Statement<EventChange[]> =>
  createRead<EventChange, EventChange[]>(
    `SELECT seq, changed, created_at ${CHANGES} ORDER BY seq DESC LIMIT ?`,
    [event_id, after, before, limit],
    (rows) =>
      rows
        .toReversed()
        .map(({ seq, changed, created_at }) => ({ seq, changed: parseJson(changed), created_at: toIso(created_at) })),
  )

// `m` is the message, `q` the question of an answer. For a catch-up it counts when the message was changed or pinned.
const PINS = `FROM pins p STRAIGHT_JOIN messages m ON m.event_id = p.event_id AND m.position = p.position
  WHERE p.event_id = ? AND p.position < ? AND m.seq > ? AND m.pinned_at <= ? AND m.due_at IS NULL AND m.audience IN (?)`

const listPinValues = ({ event_id, before, after, asked_at }: Stretch): unknown[] => [
  ...[event_id, before, after, asked_at],
  SOURCE_AUDIENCES,
]

const POSTS = `FROM messages m FORCE INDEX (idx_message_category)
  WHERE m.message_category = 'room' AND m.sender_type = 'user' AND m.event_id = ? AND m.position > ? AND m.position < ?
    AND (m.pinned_at IS NULL OR m.pinned_at > ?) AND m.audience IN (?)`

const listPostValues = ({ event_id, after, before, unpinned_at }: Stretch): unknown[] => [
  ...[event_id, after, before, unpinned_at],
  SOURCE_AUDIENCES,
]

// Chats of the room have the audience `people`. The session's own turns are its history. `<> ''` also excludes blanks.
const TURN = `m.event_id = ? AND m.audience = 'people' AND m.position > ? AND m.position < ?
    AND m.sender_type = 'ai' AND m.message_type = 'chat' AND m.chat_session_id <> ?
    AND (m.pinned_at IS NULL OR m.pinned_at > ?) AND JSON_UNQUOTE(JSON_EXTRACT(m.message_content, '$.content')) <> ''`

const TURNS = `FROM messages m FORCE INDEX (idx_page) WHERE ${TURN}`

// The index of texts has questions, too.
const TURNS_BY_QUESTION = `FROM messages n STRAIGHT_JOIN messages m ON m.reply_to = n.message_id
  WHERE n.event_id = ? AND n.position IN (?) AND ${TURN}`

const listTurnValues = ({ event_id, after, before, session_id, unpinned_at }: Stretch): unknown[] => [
  ...[event_id, after, before, session_id, unpinned_at],
]

type FoundMessage = Pick<
  MessageRecord,
  'message_id' | 'position' | 'message_category' | 'message_from' | 'user_id' | 'message_content' | 'created_at'
> & {
  labels: Labels
  username: string | null
  asked: MessageRecord['message_content'] | null
  question_position: number | null
  asked_by: string | null
}

// The rows are found and limited before they are joined, so that the joins read only what is told.
const selectMessages = (found: string, values: unknown[], limit: number): Statement<RoomMessage[]> =>
  createRead<FoundMessage, RoomMessage[]>(
    `SELECT m.*, u.username, q.message_content AS asked, q.position AS question_position, a.username AS asked_by
     FROM (SELECT m.message_id, m.position, m.message_category, m.message_from, m.user_id, m.reply_to,
         ${selectContent('m', 'message_content')}, m.created_at ${found} ORDER BY m.position DESC LIMIT ?) AS m
       LEFT JOIN users u ON u.user_id = m.user_id
       LEFT JOIN messages q ON q.message_id = m.reply_to
       LEFT JOIN users a ON a.user_id = q.user_id
     ORDER BY m.position`,
    [...values, limit],
    (rows) => rows.map(toMessage),
  )

const count = (found: string, values: unknown[], max: number): Statement<Total> =>
  createRead<{ total: number }, Total>(
    `SELECT COUNT(*) AS total FROM (SELECT 1 ${found} LIMIT ?) AS counted`,
    [...values, max],
    ([row]) => ({ count: Number(row?.total ?? 0), isLimited: Number(row?.total ?? 0) >= max }),
  )

function toMessage({
  message_content,
  labels,
  created_at,
  username,
  asked,
  question_position,
  asked_by,
  ...row
}: FoundMessage): RoomMessage {
  const read: ReadMessage = {
    ...row,
    message_content: { ...parseJson(message_content), sources: toLabelledSources(labels) },
    created_at: toIso(created_at),
    username,
    asked:
      asked === null || question_position === null
        ? null
        : { username: asked_by, content: parseJson(asked).content, position: question_position },
  }
  return toRoomMessage(read)
}
