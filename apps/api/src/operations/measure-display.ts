import type { Metrics } from '@engineer-chat/adapters/metrics'
import type { Log, LogFields, StoredMessage } from '@engineer-chat/chat/shared'
import type { Message } from '@engineer-chat/protocol'

/**
 * Creates a function that measures the time from the commit of a user's message, or of the final row of a reply, until
 * the row is written to this node's sockets. Both times are by MySQL's clock. For the final row of a reply the function
 * also writes a log line, which is the last one about its question. Other rows are not measured.
 */
export function createDisplayMeasure(
  { userMessageDisplay, aiResponseDisplay }: Metrics,
  getMysqlTimeMs: () => number,
  log: Log,
): (row: StoredMessage, trace_id?: string) => void {
  return ({ message }, trace_id) => {
    const seconds = Math.max(0, getMysqlTimeMs() - Date.parse(message.updated_at)) / 1_000
    if (message.sender_type === 'user') userMessageDisplay.observe(seconds)
    else if (message.reply_to !== null && message.message_type !== 'thinking') {
      aiResponseDisplay.observe(seconds)
      log.info('EngineerChat.reply_delivered', { ...toLoggedFields(message, seconds * 1_000), trace_id })
    }
  }
}

function toLoggedFields(message: Message, duration_ms: number): LogFields {
  const { message_id, reply_to: question_id, user_id, event_id, chat_session_id: session_id, seq } = message
  return { message_id, reply_id: message_id, question_id, user_id, event_id, session_id, seq, duration_ms }
}
