import { type AiCommand, readAiCommand } from '@engineer-chat/protocol'
import { detectLanguage, type ReplyContext } from '../shared/index.ts'
import { removeMention } from './mention.ts'

/** Reads a command at the question's beginning or after its `@AI`. `focus` is the text after the command. */
export const parseCommand = (question: string): { command: AiCommand; focus: string } | undefined =>
  readAiCommand(removeMention(question))

/**
 * Returns the question's language. For a command without a focus, its word and the previous question, or else the
 * event's name, decide.
 */
export function detectContextLanguage({ question, history, event }: ReplyContext): 'zh' | 'en' {
  const text = removeMention(question)
  if (parseCommand(question)?.focus !== '') return detectLanguage(text)
  return detectLanguage(`${text} ${history.at(-1)?.question ?? event.event_name}`)
}
