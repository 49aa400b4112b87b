import { isThinking } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'

/** Failures and messages without a text are not quoted, and neither is an answer that is being written. */
export const mayQuote = (message: Message): boolean =>
  !isThinking(message) && message.sender_type !== 'system' && message.message_content.content.trim() !== ''
