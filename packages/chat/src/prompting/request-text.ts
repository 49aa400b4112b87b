import type { ReplyContext, RoomSources } from '../shared/index.ts'
import { parseCommand } from './command.ts'
import { removeMention } from './mention.ts'
import { choosePrompt } from './prompts/choose-prompt.ts'
import { PROMPT_MESSAGES } from './prompts/messages.ts'
import type { Language } from './prompts/prompt.ts'

/** Returns the question, or the request that its command stands for. */
export function writeRequest(context: ReplyContext, language: Language): string {
  const question = removeMention(context.question)
  const command = parseCommand(context.question)
  const request = command && choosePrompt(command.command).request?.[language]
  if (!command || request === undefined) return question
  const messages = PROMPT_MESSAGES[language]
  const isNothingNew = context.room && context.room.readPosition !== null && hasNoSources(context.room)
  return [
    request,
    ...(isNothingNew ? [messages.nothingNew] : []),
    ...(command.focus ? [messages.writeFocus(command.focus)] : []),
  ].join('\n')
}

const hasNoSources = ({ summaries, changes, pins, messages }: RoomSources): boolean =>
  summaries.length + changes.length + pins.length + messages.length === 0
