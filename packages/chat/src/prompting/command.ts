import { detectLanguage, type ReplyContext } from '../shared/index.ts'
import { removeMention } from './mention.ts'

export type Command = 'summary' | 'catchup' | 'handover'

const COMMAND = /^[/／](summary|catchup|handover|总结|近况|交接)(?:\s+|[:：]\s*|$)/i
const COMMANDS = new Map<string, Command>([
  ['summary', 'summary'],
  ['总结', 'summary'],
  ['catchup', 'catchup'],
  ['近况', 'catchup'],
  ['handover', 'handover'],
  ['交接', 'handover'],
])

/** Reads a command at the beginning, with or without `@AI` before it. The text behind it names what the reply focuses on. */
export function parseCommand(question: string): { command: Command; focus: string } | undefined {
  const text = removeMention(question)
  const found = COMMAND.exec(text)
  const command = COMMANDS.get(found?.[1]?.toLowerCase() ?? '')
  return found && command ? { command, focus: text.slice(found[0].length).trim() } : undefined
}

/** Returns the question's language, or for a bare command the language of what it is about. */
export function detectContextLanguage({ question, history, event }: ReplyContext): 'zh' | 'en' {
  const text = removeMention(question)
  if (parseCommand(question)?.focus !== '') return detectLanguage(text)
  return detectLanguage(`${text} ${history.at(-1)?.question ?? event.event_name}`)
}
