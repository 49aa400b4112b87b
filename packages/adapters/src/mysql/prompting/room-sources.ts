import {
  addTotals,
  countPostsThatCouldFit,
  MAX_TOTALS,
  type RoomLimits,
  type RoomQuery,
} from '@engineer-chat/chat/prompting'
import { markRanks, type RankedMessage } from '@engineer-chat/chat/ranking'
import type { EventChangeRecord, RoomMessage, RoomSources, Total } from '@engineer-chat/chat/shared'
import type { EventSummary } from '@engineer-chat/protocol'
import { createRead, parseJson, runTogether, type SendStatements, type Statement, toIso } from '../core/index.ts'
import { SUMMARY_COLUMNS, type SummaryRecord, toSummary } from '../events/index.ts'
import {
  type FoundPost,
  FROM_ANSWERS,
  FROM_PINS,
  FROM_POSTS,
  listAnswerValues,
  listPinValues,
  listPostValues,
  type RowRange,
  selectNewestMessages,
  selectOlderMessages,
  selectPositions,
  selectPosts,
} from './message-sources.ts'

/** Describes where a question stands in its room. A question that is not stored yet stands after all rows. */
export interface QuestionPlace {
  event_id: string
  /** Null means that the question would begin a session. */
  chat_session_id: string | null
  /** Only rows before this position are read. */
  position: number
  /** Only messages that were pinned by this time count as pinned. The format is MySQL's. */
  asked_at: string
  /** The asker had read up to this position before this visit. It is null if the asker has never read this room. */
  read_position: number | null
}

/** This number is above every position. */
export const MAX_POSITION = Number.MAX_SAFE_INTEGER
/** This time is after that of every pin. */
export const MAX_TIME = '9999-12-31 23:59:59.999'

/** This time is before that of every pin. */
const MIN_TIME = '1970-01-01 00:00:00.000'

const toRowRange = (
  place: QuestionPlace,
  { limits, isUnreadOnly }: RoomQuery,
): RowRange & { readPosition: number | null } => {
  const readPosition = isUnreadOnly ? toNumber(place.read_position) : null
  return {
    readPosition,
    event_id: place.event_id,
    session_id: place.chat_session_id ?? '',
    after: readPosition ?? 0,
    before: place.position,
    asked_at: place.asked_at,
    omit_pinned_until: limits.pins === 0 ? MIN_TIME : place.asked_at,
  }
}

/**
 * Lists the statements that find the newest sources of each kind for a question, in hand-written SQL, because every
 * reply runs them. A kind whose limit is 0 has no statement. Messages are found as positions only, because a join with
 * their authors costs much more, even if it finds no message.
 */
export function selectRoomSources(place: QuestionPlace, query: RoomQuery) {
  const { limits } = query
  const range = toRowRange(place, query)
  const ifRead = <R>(limit: number, statement: Statement<R>): Statement<R> | undefined =>
    limit === 0 ? undefined : statement
  return [
    ifRead(limits.summaries, selectSummaries(range, limits.summaries)),
    ifRead(limits.changes, selectChanges(range, limits.changes)),
    ifRead(limits.pins, selectPositions(FROM_PINS, listPinValues(range), limits.pins)),
    ifRead(limits.posts, selectPosts(listPostValues(range), limits.posts)),
    ifRead(limits.rounds, selectPositions(FROM_ANSWERS, listAnswerValues(range), limits.rounds)),
  ] as const
}

type FoundSources = [
  summaries: EventSummary[] | undefined,
  changes: EventChangeRecord[] | undefined,
  pins: number[] | undefined,
  posts: FoundPost[] | undefined,
  answers: number[] | undefined,
]

/**
 * Reads the messages that were found, and older ones that the ranking names. It marks how well each message fits the
 * question, and counts the sources of each kind whose limit was reached. Without messages and counts, it makes no
 * round trip.
 */
export async function readRoomSources(
  send: SendStatements,
  place: QuestionPlace,
  query: RoomQuery,
  [summaries = [], changes = [], pins = [], posts = [], answers = []]: FoundSources,
  ranked: RankedMessage[],
): Promise<RoomSources> {
  const range = toRowRange(place, query)
  const fittingCount = countPostsThatCouldFit(
    posts.map(({ bytes }) => bytes),
    query.postTokens,
  )
  const newest = new Set([...posts.slice(0, fittingCount).map(({ position }) => position), ...answers])
  const newestPositions = [...pins, ...newest]
  const olderPositions = ranked.flatMap(({ position }) => (newest.has(position) ? [] : [position]))
  const [changeTotal, pinTotal, postTotal, answerTotal, newestMessages = [], ...olderLists] = await runTogether(send, [
    ...selectTotals(range, query.limits, { changes, pins, posts, rounds: answers }),
    newestPositions.length === 0 ? undefined : selectNewestMessages(place, newestPositions),
    ...(olderPositions.length === 0 ? [] : selectOlderMessages(range, olderPositions)),
  ])
  const byPosition = new Map([...newestMessages, ...olderLists.flat()].map((message) => [message.position, message]))
  const room: RoomSources = {
    readPosition: range.readPosition,
    summaries,
    changes,
    pins: pick(byPosition, pins),
    messages: pick(byPosition, [...newest, ...olderLists.flat().map(({ position }) => position)]),
    totals: {
      changes: changeTotal ?? countAll(changes),
      pins: pinTotal ?? countAll(pins),
      messages: addTotals(postTotal ?? countAll(posts), answerTotal ?? countAll(answers)),
    },
  }
  return markRanks(
    room,
    query.rankingQuery,
    ranked.map(({ position }) => position),
  )
}

/** Returns the messages at these positions, each once, the oldest first. */
const pick = (messages: Map<number, RoomMessage>, positions: number[]): RoomMessage[] =>
  [...new Set(positions)].sort((a, b) => a - b).flatMap((position) => messages.get(position) ?? [])

const countAll = (list: unknown[]): Total => ({ count: list.length, isLimitReached: false })

type CountedList = keyof typeof MAX_TOTALS

/** Counts up to `MAX_TOTALS` rows of each list that has reached its limit. A shorter list has all of its rows. */
function selectTotals(range: RowRange, limits: RoomLimits, lists: Record<CountedList, unknown[]>) {
  const ifFull = (kind: CountedList, fromClause: string, values: unknown[]): Statement<Total> | undefined =>
    lists[kind].length > 0 && lists[kind].length >= limits[kind]
      ? selectTotal(fromClause, values, MAX_TOTALS[kind])
      : undefined
  return [
    ifFull('changes', FROM_CHANGES, [range.event_id, range.after, range.before]),
    ifFull('pins', FROM_PINS, listPinValues(range)),
    ifFull('posts', FROM_POSTS, listPostValues(range)),
    ifFull('rounds', FROM_ANSWERS, listAnswerValues(range)),
  ] as const
}

const toNumber = (value: number | null): number | null => (value === null ? null : Number(value))

// A summary's version is the sequence number that it took.
const selectSummaries = ({ event_id, after, before }: RowRange, limit: number): Statement<EventSummary[]> =>
  createRead<SummaryRecord, EventSummary[]>(
    `SELECT ${SUMMARY_COLUMNS} FROM summaries
     WHERE event_id = ? AND CAST(version AS UNSIGNED) > ? AND CAST(version AS UNSIGNED) < ? ORDER BY id DESC LIMIT ?`,
    [event_id, after, before, limit],
    (rows) => rows.toReversed().map(toSummary),
  )

const FROM_CHANGES = 'FROM event_changes WHERE event_id = ? AND seq > ? AND seq < ?'

const selectChanges = ({ event_id, after, before }: RowRange, limit: number): Statement<EventChangeRecord[]> =>
  createRead<EventChangeRecord, EventChangeRecord[]>(
    `SELECT seq, changed, created_at ${FROM_CHANGES} ORDER BY seq DESC LIMIT ?`,
    [event_id, after, before, limit],
    (rows) =>
      rows
        .toReversed()
        .map(({ seq, changed, created_at }) => ({ seq, changed: parseJson(changed), created_at: toIso(created_at) })),
  )

const selectTotal = (fromClause: string, values: unknown[], max: number): Statement<Total> =>
  createRead<{ total: number }, Total>(
    `SELECT COUNT(*) AS total FROM (SELECT 1 ${fromClause} LIMIT ?) AS counted`,
    [...values, max],
    ([row]) => ({ count: Number(row?.total ?? 0), isLimitReached: Number(row?.total ?? 0) >= max }),
  )
