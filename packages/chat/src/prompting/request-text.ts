import type { ReplyContext, RoomSources } from '../shared/index.ts'
import { parseCommand } from './command.ts'
import { choosePromptTemplate } from './prompts/choose-prompt-template.ts'
import type { Language } from './prompts/prompt-template.ts'
import { PROMPT_TEXTS } from './prompts/prompt-texts.ts'
import { toQuestionText } from './question-text.ts'

/** Returns the question. For a command, returns the request that it stands for, if its template has one. */
export function writeRequest(context: ReplyContext, language: Language): string {
  const question = toQuestionText(context.question, language)
  const parsedCommand = parseCommand(context.question)
  const request = parsedCommand && choosePromptTemplate(parsedCommand.command).request?.[language]
  if (!parsedCommand || request === undefined) return question
  const texts = PROMPT_TEXTS[language]
  return [
    request,
    ...(context.room && hasNothingNew(context.room) ? [texts.nothingNew] : []),
    ...(parsedCommand.focus ? [texts.writeFocus(parsedCommand.focus)] : []),
  ].join('\n')
}

/** Returns true if only rows after the asker's read position were read, for `/catchup`, and there are none. */
const hasNothingNew = ({ readPosition, summaries, changes, pins, messages }: RoomSources): boolean =>
  readPosition !== null && summaries.length + changes.length + pins.length + messages.length === 0
