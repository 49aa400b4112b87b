import { addIndicators } from '@engineer-chat/chat/rooms'
import type { StoredMessage } from '@engineer-chat/chat/shared'
import { type Event, MAX_SOCKET_MESSAGE_BYTES, type Message, type ServerFrame } from '@engineer-chat/protocol'
import { cutMessageToFit } from './cut-message.ts'

/**
 * Encodes a whole WebSocket frame (RFC 6455, 5.2: final, text, unmasked). It is written to every socket of a room
 * without `ws`, because `ws` would build a header for each socket.
 */
export function encodeTextFrame(json: string): Buffer {
  const length = Buffer.byteLength(json)
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(headerLength + length)
  frame[0] = 0x81
  if (headerLength === 2) frame[1] = length
  else if (headerLength === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.write(json, headerLength)
  return frame
}

export const encodeFrame = (frame: ServerFrame): Buffer => encodeTextFrame(JSON.stringify(frame))

/** Encodes a message with its indicators for sockets. A message of more than 64 KiB is cut. */
export function toMessageJson(row: StoredMessage): string {
  const json = JSON.stringify(addIndicators(row.message))
  const fits = json.length * 3 <= MAX_SOCKET_MESSAGE_BYTES || Buffer.byteLength(json) <= MAX_SOCKET_MESSAGE_BYTES
  return fits ? json : JSON.stringify(cutWithIndicators(row.message))
}

/** A cut message has only the indicators in its remaining text, because the others point to text that was cut off. */
function cutWithIndicators(message: Message): Message {
  const cut = cutMessageToFit(message, MAX_SOCKET_MESSAGE_BYTES)
  const { indicators } = addIndicators(cut)
  if (!indicators) return cut
  const bytes = Buffer.byteLength(`,"indicators":${JSON.stringify(indicators)}`)
  return addIndicators(cutMessageToFit(message, MAX_SOCKET_MESSAGE_BYTES - bytes))
}

/** Joins the frame from texts, because the JSON of the message already exists and is the largest part. */
export function encodeMessageFrame(event_id: string, seq: number, message: string): Buffer {
  return encodeTextFrame(`{"type":"message","event_id":${JSON.stringify(event_id)},"seq":${seq},"message":${message}}`)
}

export const encodeEventFrame = (event: Event, seq: number): Buffer =>
  encodeFrame({ type: 'event', event_id: event.event_id, seq, event: { ...event, seq } })
