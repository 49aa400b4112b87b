import type { Metrics } from '@engineer-chat/adapters/metrics'
import type { StoredMessage } from '@engineer-chat/chat/shared'

/** Measures the time from a row's commit until it is written to this node's sockets, both by MySQL's clock. */
export function createDisplayMeasure(
  { userMessageDisplay, aiResponseDisplay }: Metrics,
  now: () => number,
): (row: StoredMessage) => void {
  return ({ message }) => {
    const seconds = Math.max(0, now() - Date.parse(message.updated_at)) / 1_000
    if (message.sender_type === 'user') userMessageDisplay.observe(seconds)
    else if (message.reply_to !== null && message.message_type !== 'thinking') aiResponseDisplay.observe(seconds)
  }
}
