import { type AiCommand, readAiCommand } from '@engineer-chat/protocol'
import { detectLanguage, type ReplyContext } from '../shared/index.ts'
import { removeAiMention } from './question-text.ts'

/** Reads a command at the question's beginning or after its `@AI`. `focus` is the text after the command. */
export const parseCommand = (question: string): { command: AiCommand; focus: string } | undefined =>
  readAiCommand(removeAiMention(question))

/**
 * Returns the question's language. A bare `@AI` and a command without a focus are too short to tell, so they are read
 * together with the previous question, or with the event's name if it is the first question.
 */
export function detectQuestionLanguage({ question, history, event }: ReplyContext): 'zh' | 'en' {
  const text = removeAiMention(question)
  const isTooShort = text === '' || parseCommand(question)?.focus === ''
  return detectLanguage(isTooShort ? `${text} ${history.at(-1)?.question ?? event.event_name}` : text)
}
