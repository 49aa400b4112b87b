import { isThinking } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'

/** Returns false for a system message, for a message without a text, and for an answer that is still being written. */
export const isQuotable = (message: Message): boolean =>
  !isThinking(message) && message.sender_type !== 'system' && message.message_content.content.trim() !== ''
