import { createId } from '@engineer-chat/chat/shared'
import type { SendMessage } from '@engineer-chat/protocol'

export const INSERT_MESSAGES = `INSERT INTO messages (message_id, event_id, position, seq, audience, user_id, message_from,
  message_type, message_category, sender_type, chat_session_id, reply_to, message_content, client_message_id, due_at)
  VALUES `
export const ROW_PLACEHOLDERS = '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'

type ColumnValue = string | number | null

export interface Question {
  message_id: string
  event_id: string
  user_id: string
  session_id: string
  position: number
}

/** Lists a question's values in the order of the columns of INSERT_MESSAGES. */
export const toQuestionValues = (question: Question, { message, client_message_id }: SendMessage): ColumnValue[] => {
  const { message_id, event_id, position, user_id, session_id } = question
  const content = JSON.stringify({ content: message })
  // The user is the audience, the owner and the sender.
  const otherColumns = [user_id, user_id, user_id, 'chat', 'engineer_chat', 'user', session_id]
  return [message_id, event_id, position, position, ...otherColumns, null, content, client_message_id ?? null, null]
}

/** Lists a reply's values in the order of the columns of INSERT_MESSAGES. */
export const toReplyValues = (reply_id: string, question: Question, due_at: string): ColumnValue[] => {
  const { message_id, event_id, position, user_id, session_id } = question
  // The user is the audience and the owner.
  const otherColumns = [user_id, user_id, 'ai_assistant', 'thinking', 'engineer_chat', 'ai', session_id, message_id]
  return [reply_id, event_id, position + 1, position + 1, ...otherColumns, '{"content":""}', null, due_at]
}

/** Builds a response's body of the same size as the real one. */
export function toResponseBody(question: Question, reply_id: string, { message }: SendMessage): object {
  const now = new Date().toISOString()
  const { event_id, user_id, session_id, position } = question
  const commonFields = {
    event_id,
    user_id,
    chat_session_id: session_id,
    visibility: 'private',
    round_id: null,
    event_summary_version: null,
    created_at: now,
    updated_at: now,
    message_category: 'engineer_chat',
  }
  return {
    status: 'success',
    ai_processing: true,
    session_id,
    round: 1,
    max_rounds: 1_000,
    summary_updated: false,
    user_message: {
      ...commonFields,
      message_id: question.message_id,
      position,
      seq: position,
      message_from: user_id,
      message_type: 'chat',
      sender_type: 'user',
      reply_to: null,
      message_content: { content: message },
    },
    ai_message: {
      ...commonFields,
      message_id: reply_id,
      position: position + 1,
      seq: position + 1,
      message_from: 'ai_assistant',
      message_type: 'thinking',
      sender_type: 'ai',
      reply_to: question.message_id,
      message_content: { content: '' },
    },
  }
}

export const createQuestion = (
  input: SendMessage,
  user_id: string,
  session_id: string,
  position: number,
): Question => ({
  message_id: createId(),
  event_id: input.event_id,
  user_id,
  session_id,
  position,
})
