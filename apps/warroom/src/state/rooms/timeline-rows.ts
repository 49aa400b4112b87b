import type { Event, Message } from '@engineer-chat/protocol'
import { type Clock, toDayKey } from '../../text/time.ts'
import type { Unsent } from '../asking/outbox.ts'

/** A row is one item of the timeline's list. */
export type TimelineRow =
  | { kind: 'opening'; key: string; event: Event }
  | { kind: 'day'; key: string; at: string }
  | { kind: 'unread'; key: string }
  | { kind: 'message'; key: string; message: Message; continued: boolean }
  | { kind: 'unsent'; key: string; unsent: Unsent }
  /** There are more messages between these rows and now. */
  | { kind: 'newer'; key: string }

const TOGETHER_MS = 5 * 60_000

export interface RowsInput {
  messages: readonly Message[]
  unsent: readonly Unsent[]
  /** These rows came in responses to requests, so no optimistic row waits for them any more. */
  confirmed: ReadonlySet<string>
  user_id: string
  clock: Clock
  /** In another time zone, days begin at other moments. */
  zone?: string
  /** The unread line is drawn below this position; null draws none. */
  read_position: number | null
  /** Rows outside this range are not shown: they came alone because they changed, or they belong to another range. */
  stretch: { first: number; last: number } | null
}

/** Returns rows by position, then the messages that are not confirmed and have not appeared as a row. */
export function toTimelineRows(input: RowsInput): TimelineRow[] {
  const rows: TimelineRow[] = []
  let before: Message | undefined
  let lineDrawn = input.read_position === null
  const { first = 0, last = Number.POSITIVE_INFINITY } = input.stretch ?? {}
  for (const message of input.messages) {
    if (message.position < first || message.position > last) continue
    const newDay = !before || toDayKey(before.created_at, input.clock) !== toDayKey(message.created_at, input.clock)
    if (newDay) rows.push({ kind: 'day', key: `day-${message.position}`, at: message.created_at })
    const isNew = !lineDrawn && message.position > (input.read_position ?? 0)
    if (isNew && !isOwn(message, input.user_id)) {
      rows.push({ kind: 'unread', key: 'unread' })
      lineDrawn = true
    }
    const continued = before !== undefined && !newDay && !isNew && isContinuation(before, message)
    rows.push({ kind: 'message', key: message.message_id, message, continued })
    before = message
  }
  if (last !== Number.POSITIVE_INFINITY) return [...rows, { kind: 'newer', key: 'newer' }]
  for (const unsent of listUnconfirmed(input)) rows.push({ kind: 'unsent', key: unsent.client_message_id, unsent })
  return rows
}

export const isOwn = (message: Message, user_id: string): boolean =>
  message.user_id === user_id && message.sender_type === 'user'

function isContinuation(before: Message, message: Message): boolean {
  return (
    before.message_from === message.message_from &&
    before.message_category === message.message_category &&
    message.message_category === 'room' &&
    Date.parse(message.created_at) - Date.parse(before.created_at) < TOGETHER_MS
  )
}

/** A row can come by the socket before the response to its request; each replaces one optimistic row. */
export function listUnconfirmed({
  messages,
  unsent,
  confirmed,
  user_id,
}: Pick<RowsInput, 'messages' | 'unsent' | 'confirmed' | 'user_id'>): Unsent[] {
  const taken = new Set(confirmed)
  return unsent.filter((item) => {
    if (item.state === 'failed') return true
    const category = item.to === 'ai' ? 'engineer_chat' : 'room'
    const row = messages.findLast(
      (message) =>
        message.position > item.since_seq &&
        isOwn(message, user_id) &&
        message.message_category === category &&
        message.message_content.content === item.text.trim() &&
        !taken.has(message.message_id),
    )
    if (row) taken.add(row.message_id)
    return row === undefined
  })
}
