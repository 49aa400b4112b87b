import type { RoomFeed, StoredMessage, Tracer } from '@engineer-chat/chat/shared'
import { BoundedMap } from '@engineer-chat/process/bounded-map'

/** At most this many rows are remembered until they are written to sockets. */
const MAX_REMEMBERED_ROWS = 10_000
/**
 * At most this many rows of a change are remembered: the last ones. A change of a question or a reply has at most two.
 */
const MAX_ROWS_PER_CHANGE = 10

export interface DeliveryTrace {
  /** Wraps the feed, to remember from which span the hint of each row came. */
  feed: RoomFeed
  /**
   * Records that a row was written to sockets, and returns the id of its trace. Returns undefined if its hint named no
   * span, unless the row is a finished reply.
   */
  recordDelivery(row: StoredMessage): string | undefined
}

/**
 * Adds spans for the delivery of rows to sockets. A span belongs to the trace of the request or job that wrote the row.
 * The row's hint names this trace. If the hint of a finished reply was lost, the span begins a new trace, which
 * operators find by the reply's id.
 */
export function traceDelivery(tracer: Tracer, feed: RoomFeed): DeliveryTrace {
  const origins = new BoundedMap<string, { parent: string; startedAtMs: number }>(MAX_REMEMBERED_ROWS)
  return {
    feed: {
      ...feed,
      onHint: (listener) =>
        feed.onHint((event_id, hint) => {
          if (hint.type === 'change' && hint.change.traceparent !== undefined) {
            const { traceparent: parent, first_seq, seq } = hint.change
            const origin = { parent, startedAtMs: Date.now() }
            for (let rowSeq = Math.max(first_seq, seq - MAX_ROWS_PER_CHANGE + 1); rowSeq <= seq; rowSeq += 1)
              origins.set(toKey(event_id, rowSeq), origin)
          }
          listener(event_id, hint)
        }),
    },
    recordDelivery({ message }) {
      const { message_id, event_id, seq, reply_to: question_id, message_type } = message
      const key = toKey(event_id, seq)
      const origin = origins.get(key)
      origins.delete(key)
      const isFinishedReply = question_id !== null && message_type !== 'thinking'
      if (!origin && !isFinishedReply) return undefined
      const ids = question_id === null ? { question_id: message_id } : { question_id, reply_id: message_id }
      const { user_id, chat_session_id: session_id } = message
      const fields = { message_id, ...ids, event_id, user_id, session_id, seq }
      const span = tracer.startSpan('deliver message', { ...origin, kind: 'consumer', fields })
      span.end()
      return span.traceId
    },
  }
}

const toKey = (event_id: string, seq: number): string => `${seq} ${event_id}`
