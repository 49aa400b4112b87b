import type { RoomChange, RoomHint, StoredMessage, TextDelta } from '@engineer-chat/chat/shared'
import { Event } from '@engineer-chat/protocol'
import { Compile } from 'typebox/compile'

/** A change whose message would be larger is published without its rows. */
const MAX_ENVELOPE_BYTES = 64 * 1024

const eventValidator = Compile(Event)

/** Holds a published hint. `from` names the node that sent it and ignores it. In changes and deltas `from` is null. */
export interface HintEnvelope {
  from: string | null
  hint: RoomHint
}

/**
 * Encodes a change. A change with a private row, or a large one, is sent without its rows, and nodes read them from
 * MySQL. Other changes contain their rows, because otherwise each node that shows the room would read each of them.
 */
export function encodeChange(change: RoomChange): string {
  if (hasPrivateRow(change)) return encodeSequenceNumbers(change)
  const completeMessage = JSON.stringify({ type: 'change', change })
  return Buffer.byteLength(completeMessage) <= MAX_ENVELOPE_BYTES ? completeMessage : encodeSequenceNumbers(change)
}

const encodeSequenceNumbers = ({ event_id, first_seq, seq, traceparent }: RoomChange): string =>
  JSON.stringify({ type: 'change', change: { event_id, first_seq, seq, traceparent } })

const hasPrivateRow = ({ rows = [] }: RoomChange): boolean =>
  rows.some(({ audience }) => audience !== 'all' && audience !== 'people')

export const encodeTextDeltas = (deltas: TextDelta[]): string => JSON.stringify({ type: 'deltas', deltas })

export const encodeHint = (from: string, hint: RoomHint): string => JSON.stringify({ ...hint, from })

/**
 * Returns a hint for an unsigned message, or undefined to ignore it. A node of version 0.11 or an unknown program sent
 * it, so only its type is used. Deltas, presence and typing of such a node are not shown.
 */
export function decodeUnsigned(text: string): RoomHint | undefined {
  if (text.startsWith('{"type":"change"')) return { type: 'read_again' }
  return text.startsWith('{"type":"who"') ? { type: 'who' } : undefined
}

/** Decodes a signed message, or returns undefined if it is not a hint for this room that this version knows. */
export function decodeMessage(text: string, event_id: string): HintEnvelope | undefined {
  const value = parseJson(text)
  if (!isHint(value, event_id)) return undefined
  const { from, ...hint } = value
  return { from: typeof from === 'string' ? from : null, hint: dropIncompleteEvent(hint) }
}

/**
 * Leaves out the rows and the event if the event lacks fields, because a node of another version sent it. The receiver
 * then reads the change from MySQL.
 */
function dropIncompleteEvent(hint: RoomHint): RoomHint {
  if (hint.type !== 'change' || hint.change.event === undefined || eventValidator.Check(hint.change.event)) return hint
  const { event_id, first_seq, seq, traceparent } = hint.change
  return { type: 'change', change: { event_id, first_seq, seq, ...(traceparent !== undefined && { traceparent }) } }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Fields = Record<string, unknown>

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string'
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
const isArrayWith = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isItem)

/** Checks the fields of a hint, by its `type`. */
const CHECKS: Record<RoomHint['type'], (hint: Fields, event_id: string) => boolean> = {
  change: ({ change }, event_id) => isChange(change, event_id),
  deltas: ({ deltas }, event_id) => isArrayWith(deltas, (delta) => isDelta(delta, event_id)),
  typing: ({ user_id }) => isText(user_id),
  who: () => true,
  read_again: () => true,
  presence: ({ node_id, users, count }) =>
    isText(node_id) && isArrayWith(users, isText) && (count === undefined || isCount(count)),
}

const isHintType = (type: unknown): type is RoomHint['type'] => isText(type) && Object.hasOwn(CHECKS, type)

function isHint(value: unknown, event_id: string): value is RoomHint & { from?: unknown } {
  return isObject(value) && isHintType(value.type) && CHECKS[value.type](value, event_id)
}

function isChange(value: unknown, event_id: string): value is RoomChange {
  if (!isObject(value) || value.event_id !== event_id) return false
  if (!isCount(value.first_seq) || !isCount(value.seq) || value.first_seq > value.seq) return false
  if (value.traceparent !== undefined && !isText(value.traceparent)) return false
  if (value.event !== undefined && !(isObject(value.event) && value.event.event_id === event_id)) return false
  return value.rows === undefined || isArrayWith(value.rows, (row) => isRow(row, event_id))
}

function isRow(value: unknown, event_id: string): value is StoredMessage {
  if (!isObject(value) || !isText(value.audience) || !isCount(value.attempt) || !isObject(value.message)) return false
  const { message } = value
  return message.event_id === event_id && isText(message.message_id) && isCount(message.seq) && isContent(message)
}

const isContent = (message: Fields): boolean =>
  isObject(message.message_content) && isText(message.message_content.content)

function isDelta(value: unknown, event_id: string): value is TextDelta {
  if (!isObject(value) || value.event_id !== event_id || !isText(value.message_id)) return false
  return isCount(value.attempt) && isCount(value.index) && isText(value.text)
}
