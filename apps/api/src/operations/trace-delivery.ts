import type { RoomFeed, StoredMessage, Tracer } from '@engineer-chat/chat/shared'
import { AgedMap } from '@engineer-chat/process/aged-map'

/** The rows of this many hints are remembered until they are shown. */
const MAX_REMEMBERED = 10_000
/** A change of a question or a reply has two rows at most. */
const MAX_ROWS = 10

export interface DeliveryTrace {
  /** Is the same feed, of which the trace hears. */
  feed: RoomFeed
  /** Records that a row was written to sockets, and returns the id of its trace. */
  recordShown(row: StoredMessage): string | undefined
}

/**
 * Makes the delivery to sockets a step of the trace that wrote the row. The hint names the trace; where the hint was lost,
 * a finished reply begins one of its own, which is found by the ids.
 */
export function traceDelivery(tracer: Tracer, feed: RoomFeed): DeliveryTrace {
  const hints = new AgedMap<string, { parent: string; startedAtMs: number }>(MAX_REMEMBERED)
  return {
    feed: {
      ...feed,
      onHint: (listener) =>
        feed.onHint((event_id, hint) => {
          if (hint.type === 'change' && hint.change.traceparent !== undefined) {
            const { traceparent: parent, first_seq, seq } = hint.change
            const known = { parent, startedAtMs: Date.now() }
            for (let own = Math.max(first_seq, seq - MAX_ROWS + 1); own <= seq; own += 1)
              hints.set(toKey(event_id, own), known)
          }
          listener(event_id, hint)
        }),
    },
    recordShown({ message }) {
      const { message_id, event_id, seq, reply_to: question_id, message_type } = message
      const key = toKey(event_id, seq)
      const known = hints.get(key)
      hints.delete(key)
      const isFinishedReply = question_id !== null && message_type !== 'thinking'
      if (!known && !isFinishedReply) return undefined
      const ids = question_id === null ? { question_id: message_id } : { question_id, reply_id: message_id }
      const { user_id, chat_session_id: session_id } = message
      const fields = { message_id, ...ids, event_id, user_id, session_id, seq }
      const span = tracer.startSpan('deliver message', { ...known, kind: 'consumer', fields })
      span.end()
      return span.traceId
    },
  }
}

const toKey = (event_id: string, seq: number): string => `${seq} ${event_id}`
