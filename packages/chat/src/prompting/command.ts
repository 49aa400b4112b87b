import { detectLanguage, type ReplyContext } from '../shared/index.ts'
import { removeMention } from './mention.ts'

export type Command = 'summary' | 'catchup' | 'handover'

const COMMAND = /^[/／](summary|catchup|handover|总结|近况|交接)(?:\s+|[:：]\s*|$)/i
const CHINESE: Record<string, Command> = { 总结: 'summary', 近况: 'catchup', 交接: 'handover' }

/** A command stands at the beginning, behind `@AI` or not; what follows it is what to look at most. */
export function parseCommand(question: string): { command: Command; focus: string } | undefined {
  const text = removeMention(question)
  const found = COMMAND.exec(text)
  const name = found?.[1]?.toLowerCase()
  if (!found || name === undefined) return undefined
  return { command: CHINESE[name] ?? (name as Command), focus: text.slice(found[0].length).trim() }
}

/** The question's language; of a bare command that of what it is about. */
export function detectContextLanguage({ question, history, event }: ReplyContext): 'zh' | 'en' {
  const text = removeMention(question)
  if (parseCommand(question)?.focus !== '') return detectLanguage(text)
  return detectLanguage(`${text} ${history.at(-1)?.question ?? event.event_name}`)
}
