import { AI_COMMANDS, type AiCommand } from '@engineer-chat/protocol'
import { detectLanguage, type ReplyContext } from '../shared/index.ts'
import { removeMention } from './mention.ts'

const BY_NAME: ReadonlyMap<string, AiCommand> = new Map(
  AI_COMMANDS.flatMap(({ name, chineseName }) => [[name, name] as const, [chineseName, name] as const]),
)
const COMMAND = new RegExp(`^[/／](${[...BY_NAME.keys()].join('|')})(?:\\s+|[:：]\\s*|$)`, 'i')

/** Reads a command at the beginning, with or without `@AI` before it. The text behind it names what the reply focuses on. */
export function parseCommand(question: string): { command: AiCommand; focus: string } | undefined {
  const text = removeMention(question)
  const found = COMMAND.exec(text)
  const command = BY_NAME.get(found?.[1]?.toLowerCase() ?? '')
  return found && command ? { command, focus: text.slice(found[0].length).trim() } : undefined
}

/** Returns the question's language, or for a bare command the language of what it is about. */
export function detectContextLanguage({ question, history, event }: ReplyContext): 'zh' | 'en' {
  const text = removeMention(question)
  if (parseCommand(question)?.focus !== '') return detectLanguage(text)
  return detectLanguage(`${text} ${history.at(-1)?.question ?? event.event_name}`)
}
