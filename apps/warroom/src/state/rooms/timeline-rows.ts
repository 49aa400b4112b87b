import {
  type Event,
  isEventChange,
  type Message,
  type MessagePage,
  quotesChat,
  readQuote,
  type Visibility,
} from '@engineer-chat/protocol'
import { type Clock, toDayKey } from '../../text/time.ts'
import type { Unsent } from '../asking/outbox.ts'
import { createRoundWatch } from './rounds.ts'
import { countUnread, isUnread, type Unread } from './unread.ts'

/** A row is one item of the timeline's list. */
export type TimelineRow =
  | { kind: 'opening'; key: string; event: Event }
  | { kind: 'day'; key: string; at: string }
  | { kind: 'unread'; key: string; unread: Unread }
  /** A new session of the reader with the AI begins, after another one of the same visibility. */
  | { kind: 'session'; key: string; visibility: Visibility }
  /** The agents begin a round. `count` is the number of its messages, or undefined if they are not all loaded. */
  | { kind: 'round'; key: string; round_id: number; at: string; count: number | undefined }
  /** `showsRound` is true for an agent's message whose round is not the one that the last line above names. */
  | { kind: 'message'; key: string; message: Message; isContinued: boolean; showsRound: boolean }
  | { kind: 'unsent'; key: string; unsent: Unsent }
  /** Nothing has been said in the room. */
  | { kind: 'start'; key: string }
  /** The filter shows nothing, or there are older messages to which it has not come yet. */
  | { kind: 'filtered'; key: string; isEmpty: boolean; hasMore: boolean }
  /** There are more messages between these rows and now. */
  | { kind: 'newer'; key: string }

const GROUPED_WITHIN_MS = 5 * 60_000

export interface RowsInput {
  messages: readonly Message[]
  unsent: readonly Unsent[]
  /** Holds the ids of rows that came in responses to requests. No unsent row waits for them any more. */
  confirmed: ReadonlySet<string>
  user_id: string
  clock: Clock
  /** Names this machine's time zone, because it decides when a day begins. */
  localZone?: string
  /** The unread line is drawn below this position; null draws none. */
  read_position: number | null
  /** Rows outside this range are not shown: they came alone because they changed, or they belong to another range. */
  range: { first: number; last: number } | null
  /** Is true if rows outside the range are shown, too, as pins are. The unread rows are counted as the range has them. */
  showsOutOfRange?: boolean
  /** Is true if there are rows before the range. */
  hasOlder?: boolean
  /** Is false if no lines say where a round of the agents begins. */
  hasRounds?: boolean
  /** Is false for a message that the reader has hidden. */
  isShown?(message: Message): boolean
  /** Holds the page after `read_position`, for the case that the range begins later. */
  oldestPage?: MessagePage | null
}

/** Returns rows by position, then the messages that are not confirmed and have not appeared as a row. */
export function toTimelineRows(input: RowsInput): TimelineRow[] {
  const rows: TimelineRow[] = []
  let previous: Message | undefined
  const { read_position, user_id, hasOlder = false, oldestPage = null } = input
  let needsUnreadLine = true
  const beginsSession = createSessionWatch(input.user_id)
  const { first = 0, last = Number.POSITIVE_INFINITY } = input.range ?? {}
  const { isShown = () => true, hasRounds = true, showsOutOfRange = false } = input
  const isInRange = ({ position }: Message) => showsOutOfRange || (position >= first && position <= last)
  const messages = input.messages.filter((message) => isInRange(message) && isShown(message))
  const hasNewer = !showsOutOfRange && last !== Number.POSITIVE_INFINITY
  const rounds = createRoundWatch({ messages, hasOlder, hasNewer })
  for (const message of messages) {
    const isNewDay =
      !previous || toDayKey(previous.created_at, input.clock) !== toDayKey(message.created_at, input.clock)
    if (isNewDay) rows.push({ kind: 'day', key: `day-${message.position}`, at: message.created_at })
    const isNew = needsUnreadLine && read_position !== null && message.position > read_position
    if (isNew && isUnread(message, user_id)) {
      const place = { readPosition: read_position, range: { first, last }, hasOlder, oldestPage }
      const unread = countUnread({ messages: input.messages, user_id, ...place })
      rows.push({ kind: 'unread', key: 'unread', unread })
      needsUnreadLine = false
    }
    if (beginsSession(message)) {
      rows.push({ kind: 'session', key: `session-${message.chat_session_id}`, visibility: message.visibility })
    }
    const round = hasRounds ? rounds.findBegun(message) : undefined
    if (round) rows.push({ kind: 'round', key: `round-${round.round_id}`, at: message.created_at, ...round })
    const isDivided = rows.at(-1)?.kind !== 'message'
    const isContinued = previous !== undefined && !isDivided && isContinuation(previous, message)
    const showsRound = !isContinued && rounds.isOfOtherRound(message)
    rows.push({ kind: 'message', key: message.message_id, message, isContinued, showsRound })
    previous = message
  }
  if (hasNewer) return [...rows, { kind: 'newer', key: 'newer' }]
  for (const unsent of listUnconfirmed(input)) rows.push({ kind: 'unsent', key: unsent.client_message_id, unsent })
  return rows
}

/** Adds what a room begins with: its report, and first steps as long as nothing has been said. */
export function addOpening(rows: TimelineRow[], event: Event): TimelineRow[] {
  const isEmpty = rows.every((row) => row.kind === 'day' || (row.kind === 'message' && isEventChange(row.message)))
  return [{ kind: 'opening', key: 'opening', event }, ...rows, ...(isEmpty ? [START] : [])]
}

const START: TimelineRow = { kind: 'start', key: 'start' }

export const isOwn = (message: Message, user_id: string): boolean =>
  message.user_id === user_id && message.sender_type === 'user'

/** Returns a function that finds, message by message, where a session of the reader begins after an earlier one. */
function createSessionWatch(user_id: string): (message: Message) => boolean {
  const seen = new Set<string>()
  const seenVisibilities = new Set<Visibility>()
  return ({ chat_session_id, user_id: owner, visibility }) => {
    if (chat_session_id === null || owner !== user_id || seen.has(chat_session_id)) return false
    const isLater = seenVisibilities.has(visibility)
    seen.add(chat_session_id)
    seenVisibilities.add(visibility)
    return isLater
  }
}

function isContinuation(previous: Message, message: Message): boolean {
  return (
    previous.message_from === message.message_from &&
    previous.message_category === message.message_category &&
    message.message_category !== 'engineer_chat' &&
    previous.round_id === message.round_id &&
    readQuote(message) === undefined &&
    !quotesChat(readQuote(previous)) && // The byline says who reads the messages below it.
    Date.parse(message.created_at) - Date.parse(previous.created_at) < GROUPED_WITHIN_MS
  )
}

/** Lists the unsent rows. A stored row can come by the socket before the response; it replaces one unsent row. */
export function listUnconfirmed({
  messages,
  unsent,
  confirmed,
  user_id,
}: Pick<RowsInput, 'messages' | 'unsent' | 'confirmed' | 'user_id'>): Unsent[] {
  const matchedIds = new Set(confirmed)
  return unsent.filter((item) => {
    if (item.state === 'failed') return true
    const category = item.to === 'ai' ? 'engineer_chat' : 'room'
    const row = messages.findLast(
      (message) =>
        message.position > item.since_seq &&
        isOwn(message, user_id) &&
        message.message_category === category &&
        message.message_content.content === item.text.trim() &&
        !matchedIds.has(message.message_id),
    )
    if (row) matchedIds.add(row.message_id)
    return row === undefined
  })
}
