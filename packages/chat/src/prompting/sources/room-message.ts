import type { Message, MessageContent, Tlp } from '@engineer-chat/protocol'
import type { RoomMessage } from '../../shared/index.ts'
import { removeCitations } from '../output/citations.ts'
import { describeAuthor } from '../quotes.ts'
import { findAnswerTlp } from './answer-tlp.ts'

/** Holds a message of the room as it is read for a prompt. */
export interface RoomMessageRow
  extends Pick<Message, 'message_id' | 'position' | 'message_category' | 'message_from' | 'user_id' | 'created_at'> {
  /** Only the TLP labels of an answer's sources are read. */
  message_content: Pick<MessageContent, 'content' | 'citations'> & { sources?: Array<{ tlp?: Tlp }> }
  /** Names the person who wrote the message. Is null for other authors, and if the person has no account any more. */
  username: string | null
  /** Holds the question that an answer belongs to, with its asker's name. Is null for a message that is no answer. */
  question: { username: string | null; content: string; position: number } | null
}

/** Converts a row for a prompt. Citations are removed from an answer, because their ids belong to another prompt. */
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
