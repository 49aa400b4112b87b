import { addIndicators } from '@engineer-chat/chat/rooms'
import type { StoredMessage } from '@engineer-chat/chat/shared'
import { type Event, MAX_MESSAGE_JSON_BYTES, type Message, type ServerFrame } from '@engineer-chat/protocol'
import { cutMessageToFit } from './cut-message.ts'

/** The first byte says that the frame is final and contains text. */
const FINAL_TEXT = 0x81
/** These values of the second byte mean that the length follows in 2 or 8 bytes. A lower value is the length itself. */
const LENGTH_IN_2_BYTES = 126
const LENGTH_IN_8_BYTES = 127

/**
 * Encodes a whole WebSocket frame (RFC 6455, 5.2: final, text, unmasked). Every socket of a room gets the same bytes.
 * They are not sent by `ws`, because `ws` would build a header for each socket.
 */
export function encodeTextFrame(json: string): Buffer {
  const length = Buffer.byteLength(json)
  const headerLength = countHeaderBytes(length)
  const frame = Buffer.allocUnsafe(headerLength + length)
  frame[0] = FINAL_TEXT
  if (headerLength === 2) frame[1] = length
  else if (headerLength === 4) {
    frame[1] = LENGTH_IN_2_BYTES
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = LENGTH_IN_8_BYTES
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.write(json, headerLength)
  return frame
}

function countHeaderBytes(length: number): number {
  if (length < LENGTH_IN_2_BYTES) return 2
  return length < 65_536 ? 4 : 10
}

export const encodeFrame = (frame: ServerFrame): Buffer => encodeTextFrame(JSON.stringify(frame))

/** Encodes a message with its indicators for sockets. A message of more than 64 KiB is cut. */
export function toMessageJson(row: StoredMessage): string {
  const json = JSON.stringify(addIndicators(row.message))
  // A UTF-16 unit has at most three bytes in UTF-8, so the bytes of a short text need not be counted.
  const fits = json.length * 3 <= MAX_MESSAGE_JSON_BYTES || Buffer.byteLength(json) <= MAX_MESSAGE_JSON_BYTES
  return fits ? json : JSON.stringify(cutWithIndicators(row.message))
}

/** A cut message has only the indicators in its remaining text, because the others point to text that was cut off. */
function cutWithIndicators(message: Message): Message {
  const cut = cutMessageToFit(message, MAX_MESSAGE_JSON_BYTES)
  const { indicators } = addIndicators(cut)
  if (!indicators) return cut
  const bytes = Buffer.byteLength(`,"indicators":${JSON.stringify(indicators)}`)
  return addIndicators(cutMessageToFit(message, MAX_MESSAGE_JSON_BYTES - bytes))
}

/** Encodes a `message` frame. Texts are joined, because the message's JSON already exists and is the largest part. */
export function encodeMessageFrame(event_id: string, seq: number, messageJson: string): Buffer {
  return encodeTextFrame(
    `{"type":"message","event_id":${JSON.stringify(event_id)},"seq":${seq},"message":${messageJson}}`,
  )
}

export const encodeEventFrame = (event: Event, seq: number): Buffer =>
  encodeFrame({ type: 'event', event_id: event.event_id, seq, event: { ...event, seq } })
