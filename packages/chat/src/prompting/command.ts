import { type AiCommand, readAiCommand } from '@engineer-chat/protocol'
import { detectLanguage, type ReplyContext } from '../shared/index.ts'
import { toQuestionText } from './question-text.ts'

/** Reads a command at the question's beginning or after its `@AI`. `focus` is the text after the command. */
export const parseCommand = (question: string): { command: AiCommand; focus: string } | undefined =>
  readAiCommand(toQuestionText(question))

/**
 * Returns the question's language. A command without a focus is too short to tell, so it is read together with the
 * previous question, or with the event's name if it is the first question.
 */
export function detectQuestionLanguage({ question, history, event }: ReplyContext): 'zh' | 'en' {
  const text = toQuestionText(question)
  const isCommandAlone = parseCommand(question)?.focus === ''
  return detectLanguage(isCommandAlone ? `${text} ${history.at(-1)?.question ?? event.event_name}` : text)
}
