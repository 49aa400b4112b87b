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
import { createAgentRoundTracker } from './rounds.ts'
import { canBeUnread, countUnread, type Unread } from './unread.ts'

/** A row is one item of the timeline's list. */
export type TimelineRow =
  /** This is the first row of the room. It shows the report of the event. */
  | { kind: 'event_report'; key: string; event: Event }
  /** A new day begins. `at` is the time of its first shown message. */
  | { kind: 'day'; key: string; at: string }
  /** The unread messages begin. */
  | { kind: 'unread'; key: string; unread: Unread }
  /** A new session of the reader with the AI begins. An earlier session had the same visibility. */
  | { kind: 'session'; key: string; visibility: Visibility }
  /** The agents begin a round. `count` is the number of its messages, or undefined if not all of them are loaded. */
  | { kind: 'round'; key: string; round_id: number; at: string; count: number | undefined }
  /**
   * `isContinuation` is true if the message continues the group of the message above, and is shown without its own
   * head. `showsRound` is true for a message of a round if the nearest `round` row above names another round, or if
   * there is none. It is false for a continuation.
   */
  | { kind: 'message'; key: string; message: Message; isContinuation: boolean; showsRound: boolean }
  | { kind: 'unsent'; key: string; unsent: Unsent }
  /** This is the last row while nobody has written anything in the room. It suggests first steps. */
  | { kind: 'start'; key: string }
  /** The filter shows no loaded message (`isEmpty`), or there are older messages that a button loads (`hasMore`). */
  | { kind: 'filtered'; key: string; isEmpty: boolean; hasMore: boolean }
  /** This is the last row if newer messages are not loaded. A button loads them. */
  | { kind: 'newer'; key: string }

/** A message continues the group of the message above only if it is written within this time after it. */
const CONTINUATION_MS = 5 * 60_000

export interface RowsInput {
  messages: readonly Message[]
  unsent: readonly Unsent[]
  user_id: string
  clock: Clock
  /**
   * Holds the name of this machine's time zone. `toTimelineRows` does not use it; it is here so that React computes the
   * rows again after the zone changes.
   */
  localZone?: string
  /** The unread line stands above the first unread message with a higher position than this; null draws no line. */
  linePosition: number | null
  /**
   * Holds the first and the last position that is shown; null shows all messages. `messages` also contains others,
   * because the socket sends each message that changes, and because other ranges may have been loaded before.
   */
  range: { first: number; last: number } | null
  /**
   * Says whether messages outside the range are also shown, as with the filter `pinned`. No `newer` row is then added,
   * and unread messages are still counted within the range.
   */
  showsOutOfRange?: boolean
  /** Says whether there are messages before the range. */
  hasOlder?: boolean
  /** Says whether a `round` row shows where a round of the agents begins. */
  showsRoundRows?: boolean
  /** Returns false for a message that the reader has hidden. */
  isShown?(message: Message): boolean
  /** Holds the page of messages after `linePosition` if the range begins later; null until it has loaded. */
  oldestUnreadPage?: MessagePage | null
}

/**
 * Returns the rows of the messages in the order of their positions, then those of the unsent messages that no stored
 * message has replaced yet. If newer messages are not loaded, a `newer` row stands in the place of the unsent messages.
 */
export function toTimelineRows(input: RowsInput): TimelineRow[] {
  const rows: TimelineRow[] = []
  let previous: Message | undefined
  const { linePosition, user_id, hasOlder = false, oldestUnreadPage = null } = input
  let needsUnreadLine = true
  const trackSessionStart = createSessionStartTracker(user_id)
  const { first = 0, last = Number.POSITIVE_INFINITY } = input.range ?? {}
  const { isShown = () => true, showsRoundRows = true, showsOutOfRange = false } = input
  const isInRange = ({ position }: Message) => showsOutOfRange || (position >= first && position <= last)
  const messages = input.messages.filter((message) => isInRange(message) && isShown(message))
  const hasNewer = !showsOutOfRange && last !== Number.POSITIVE_INFINITY
  const agentRounds = createAgentRoundTracker({ messages, hasOlder, hasNewer })
  for (const message of messages) {
    const isNewDay =
      !previous || toDayKey(previous.created_at, input.clock) !== toDayKey(message.created_at, input.clock)
    if (isNewDay) rows.push({ kind: 'day', key: `day-${message.position}`, at: message.created_at })
    const isBelowLine = linePosition !== null && message.position > linePosition
    if (needsUnreadLine && isBelowLine && canBeUnread(message, user_id)) {
      const unread = countUnread({
        messages: input.messages,
        user_id,
        linePosition,
        range: { first, last },
        hasOlder,
        oldestUnreadPage,
      })
      rows.push({ kind: 'unread', key: 'unread', unread })
      needsUnreadLine = false
    }
    if (trackSessionStart(message)) {
      rows.push({ kind: 'session', key: `session-${message.chat_session_id}`, visibility: message.visibility })
    }
    const round = showsRoundRows ? agentRounds.trackBeginning(message) : undefined
    if (round) rows.push({ kind: 'round', key: `round-${round.round_id}`, at: message.created_at, ...round })
    const followsMessage = rows.at(-1)?.kind === 'message'
    const isContinuation = previous !== undefined && followsMessage && continuesGroup(previous, message)
    const showsRound = !isContinuation && agentRounds.differsFromLastBegunRound(message)
    rows.push({ kind: 'message', key: message.message_id, message, isContinuation, showsRound })
    previous = message
  }
  if (hasNewer) return [...rows, { kind: 'newer', key: 'newer' }]
  for (const unsent of listUnconfirmed(input)) rows.push({ kind: 'unsent', key: unsent.client_message_id, unsent })
  return rows
}

/** Adds the `event_report` row, and the `start` row while nobody has written anything in the room. */
export function addReportAndStartRows(rows: TimelineRow[], event: Event): TimelineRow[] {
  const isEmpty = rows.every((row) => row.kind === 'day' || (row.kind === 'message' && isEventChange(row.message)))
  return [{ kind: 'event_report', key: 'event_report', event }, ...rows, ...(isEmpty ? [START_ROW] : [])]
}

const START_ROW: TimelineRow = { kind: 'start', key: 'start' }

export const isOwn = (message: Message, user_id: string): boolean =>
  message.user_id === user_id && message.sender_type === 'user'

/**
 * Returns a function that is called with each message in order. It remembers the reader's sessions. It returns true for
 * the first message of a session if an earlier session had the same visibility.
 */
function createSessionStartTracker(user_id: string): (message: Message) => boolean {
  const seenSessionIds = new Set<string>()
  const seenVisibilities = new Set<Visibility>()
  return ({ chat_session_id, user_id: owner, visibility }) => {
    if (chat_session_id === null || owner !== user_id || seenSessionIds.has(chat_session_id)) return false
    const hasEarlierSession = seenVisibilities.has(visibility)
    seenSessionIds.add(chat_session_id)
    seenVisibilities.add(visibility)
    return hasEarlierSession
  }
}

/** Returns true if the message continues the group of the message directly above it. */
function continuesGroup(previous: Message, message: Message): boolean {
  return (
    previous.message_from === message.message_from &&
    previous.message_category === message.message_category &&
    message.message_category !== 'engineer_chat' &&
    previous.round_id === message.round_id &&
    readQuote(message) === undefined &&
    // The head of a message that quotes a chat with the AI says that agents may not read it. No message joins its
    // group, because the head would say so of that message, too.
    !quotesChat(readQuote(previous)) &&
    Date.parse(message.created_at) - Date.parse(previous.created_at) < CONTINUATION_MS
  )
}

/**
 * Lists the unsent messages that are still shown. A stored message can arrive by the socket before the response. It
 * then replaces one unsent message that has not failed, has the same text and is also for the AI or also for the room.
 */
export function listUnconfirmed({
  messages,
  unsent,
  user_id,
}: Pick<RowsInput, 'messages' | 'unsent' | 'user_id'>): Unsent[] {
  const matchedIds = new Set<string>()
  return unsent.filter((item) => {
    if (item.state === 'failed') return true
    const category = item.to === 'ai' ? 'engineer_chat' : 'room'
    const stored = messages.findLast(
      (message) =>
        message.position > item.since_seq &&
        isOwn(message, user_id) &&
        message.message_category === category &&
        message.message_content.content === item.text.trim() &&
        !matchedIds.has(message.message_id),
    )
    if (stored) matchedIds.add(stored.message_id)
    return stored === undefined
  })
}
