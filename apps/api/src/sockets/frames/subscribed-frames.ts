import { type Event, MAX_SUBSCRIBED_BYTES } from '@engineer-chat/protocol'
import { encodeMessageFrame, encodeTextFrame } from './encode-frame.ts'

/** Holds an encoded message and the numbers that decide its place. */
export interface EncodedMessage {
  seq: number
  position: number
  json: string
}

export interface SubscribedContent {
  event: Event
  /** The messages are complete up to this number. */
  seq: number
  reset: boolean
  has_more: boolean
  messages: EncodedMessage[]
}

/**
 * Encodes a `subscribed` frame of at most 1 MiB, and `message` frames with the messages that do not fit. A client can
 * resume from the frame's number at any moment, because all that is left out has a higher number.
 */
export function encodeSubscribedFrames(
  content: SubscribedContent,
  maxBytes = MAX_SUBSCRIBED_BYTES,
): { frames: Buffer[]; lastSeq: number } {
  const sizes = new Map(content.messages.map((message) => [message, Buffer.byteLength(message.json) + 1]))
  const size = (message: EncodedMessage) => sizes.get(message) ?? 0
  let left = maxBytes - Buffer.byteLength(toSubscribedJson(content, content.seq, []))
  if (addUp(content.messages.map(size)) <= left) {
    return { frames: [encodeTextFrame(toSubscribedJson(content, content.seq, content.messages))], lastSeq: content.seq }
  }
  // Messages newer than `seq` reach the room as changes of their own, so they are left out here.
  const bySeq = content.messages.filter(({ seq }) => seq <= content.seq).sort((a, b) => a.seq - b.seq)
  let count = 0
  for (const message of bySeq) {
    left -= size(message)
    if (left < 0) break
    count += 1
  }
  const [first, rest] = [bySeq.slice(0, count), bySeq.slice(count)]
  const completeSeq = rest[0] ? rest[0].seq - 1 : content.seq
  const following = rest.map((message) => encodeMessageFrame(content.event.event_id, message.seq, message.json))
  const ordered = content.reset ? first.sort((a, b) => a.position - b.position) : first
  return {
    frames: [encodeTextFrame(toSubscribedJson(content, completeSeq, ordered)), ...following],
    lastSeq: rest.at(-1)?.seq ?? completeSeq,
  }
}

const addUp = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0)

function toSubscribedJson(
  { event, reset, has_more }: SubscribedContent,
  seq: number,
  messages: EncodedMessage[],
): string {
  const head = JSON.stringify({ type: 'subscribed', event_id: event.event_id, seq, reset, event, has_more })
  return `${head.slice(0, -1)},"messages":[${messages.map(({ json }) => json).join(',')}]}`
}
