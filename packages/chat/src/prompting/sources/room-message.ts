import type { Message, MessageContent, Tlp } from '@engineer-chat/protocol'
import type { RoomMessage } from '../../shared/index.ts'
import { removeCitations } from '../output/citations.ts'
import { describeAuthor } from '../quotes.ts'
import { findAnswerTlp } from './answer-tlp.ts'

/** Holds a row of the room as it is read for a prompt. A person's row has their `username`. */
export interface ReadMessage
  extends Pick<Message, 'message_id' | 'position' | 'message_category' | 'message_from' | 'user_id' | 'created_at'> {
  /** An answer's sources are read for their labels only. */
  message_content: Pick<MessageContent, 'content' | 'citations'> & { sources?: Array<{ tlp?: Tlp }> }
  username: string | null
  /** For the assistant's answer, this is its question and the name of the user who asked it. */
  asked: { username: string | null; content: string; position: number } | null
}

/** Describes a row for a prompt. An answer loses its citations, because their ids belong to another prompt. */
export function toRoomMessage({ username, asked, message_content, ...row }: ReadMessage): RoomMessage {
  const { message_id, position, created_at } = row
  const { content, citations } = message_content
  return {
    message_id,
    position,
    author: describeAuthor(row, username ?? undefined),
    content: asked ? removeCitations(content, citations) : content,
    created_at,
    ...findAnswerTlp(message_content),
    ...(asked && {
      question: { author: asked.username ?? 'a former user', content: asked.content, position: asked.position },
    }),
  }
}
