import { type Event, MAX_SUBSCRIBED_BYTES } from '@engineer-chat/protocol'
import { encodeMessageFrame, encodeTextFrame } from './encode-frame.ts'

/** Holds an encoded message, its size in UTF-8, and the two numbers by which messages are ordered. */
export interface EncodedMessage {
  seq: number
  position: number
  json: string
  bytes: number
}

export interface SubscribedContent {
  event: Event
  /** The messages are complete up to this sequence number. */
  seq: number
  reset: boolean
  has_more: boolean
  messages: EncodedMessage[]
}

/**
 * Encodes a `subscribed` frame of at most 1 MiB, and `message` frames with the messages that do not fit. A client can
 * resume from the frame's `seq` at any moment, because every message that is left out has a higher `seq`. `lastSeq`
 * is the highest sequence number of these frames.
 */
export function encodeSubscribedFrames(
  content: SubscribedContent,
  maxBytes = MAX_SUBSCRIBED_BYTES,
): { frames: Buffer[]; lastSeq: number } {
  const getSize = ({ bytes }: EncodedMessage) => bytes + 1 // A comma follows the message.
  let bytesLeft = maxBytes - Buffer.byteLength(toSubscribedJson(content, content.seq, []))
  if (sum(content.messages.map(getSize)) <= bytesLeft) {
    return { frames: [encodeTextFrame(toSubscribedJson(content, content.seq, content.messages))], lastSeq: content.seq }
  }
  // Messages newer than `seq` are skipped, because they reach the room as separate changes.
  const bySeq = content.messages.filter(({ seq }) => seq <= content.seq).sort((a, b) => a.seq - b.seq)
  let count = 0
  for (const message of bySeq) {
    bytesLeft -= getSize(message)
    if (bytesLeft < 0) break
    count += 1
  }
  const [firstMessages, laterMessages] = [bySeq.slice(0, count), bySeq.slice(count)]
  const completeSeq = laterMessages[0] ? laterMessages[0].seq - 1 : content.seq
  const messageFrames = laterMessages.map((message) =>
    encodeMessageFrame(content.event.event_id, message.seq, message.json),
  )
  // A page of messages (`reset`) is ordered by position, and a list of changes by `seq`.
  const ordered = content.reset ? firstMessages.sort((a, b) => a.position - b.position) : firstMessages
  return {
    frames: [encodeTextFrame(toSubscribedJson(content, completeSeq, ordered)), ...messageFrames],
    lastSeq: laterMessages.at(-1)?.seq ?? completeSeq,
  }
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0)

function toSubscribedJson(
  { event, reset, has_more }: SubscribedContent,
  seq: number,
  messages: EncodedMessage[],
): string {
  const head = JSON.stringify({ type: 'subscribed', event_id: event.event_id, seq, reset, event, has_more })
  return `${head.slice(0, -1)},"messages":[${messages.map(({ json }) => json).join(',')}]}`
}
