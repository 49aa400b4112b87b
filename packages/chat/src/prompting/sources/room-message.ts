import type { Message, MessageContent, Tlp } from '@engineer-chat/protocol'
import type { RoomMessage } from '../../shared/index.ts'
import { removeCitations } from '../output/citations.ts'
import { describeAuthor } from '../quotes.ts'
import { findAnswerTlp } from './answer-tlp.ts'

/** Holds a row of the room as it is read for a prompt. A person's row has their `username`. */
export interface RoomMessageRow
  extends Pick<Message, 'message_id' | 'position' | 'message_category' | 'message_from' | 'user_id' | 'created_at'> {
  /** An answer's sources are read for their labels only. */
  message_content: Pick<MessageContent, 'content' | 'citations'> & { sources?: Array<{ tlp?: Tlp }> }
  username: string | null
  /** Holds the question of the assistant's answer, and the name of its asker. It is null for other messages. */
  question: { username: string | null; content: string; position: number } | null
}

/** Describes a row for a prompt. An answer loses its citations, because their ids belong to another prompt. */
export function toRoomMessage({ username, question, message_content, ...row }: RoomMessageRow): RoomMessage {
  const { message_id, position, created_at } = row
  const { content, citations } = message_content
  return {
    message_id,
    position,
    author: describeAuthor(row, username ?? undefined),
    content: question ? removeCitations(content, citations) : content,
    created_at,
    ...findAnswerTlp(message_content),
    ...(question && {
      question: {
        author: question.username ?? 'a former user',
        content: question.content,
        position: question.position,
      },
    }),
  }
}
