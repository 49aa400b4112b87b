import type { ReplyContext, RoomSources } from '../shared/index.ts'
import { parseCommand } from './command.ts'
import { choosePromptTemplate } from './prompts/choose-prompt-template.ts'
import type { Language } from './prompts/prompt-template.ts'
import { PROMPT_TEXTS } from './prompts/prompt-texts.ts'
import { toQuestionText } from './question-text.ts'

/** Returns the question, or the request that its command stands for. */
export function writeRequest(context: ReplyContext, language: Language): string {
  const question = toQuestionText(context.question, language)
  const command = parseCommand(context.question)
  const request = command && choosePromptTemplate(command.command).request?.[language]
  if (!command || request === undefined) return question
  const texts = PROMPT_TEXTS[language]
  return [
    request,
    ...(context.room && hasNothingNew(context.room) ? [texts.nothingNew] : []),
    ...(command.focus ? [texts.writeFocus(command.focus)] : []),
  ].join('\n')
}

/** Returns true if the asker has read the room up to a position and it has no rows after that. */
const hasNothingNew = ({ readPosition, summaries, changes, pins, messages }: RoomSources): boolean =>
  readPosition !== null && summaries.length + changes.length + pins.length + messages.length === 0
