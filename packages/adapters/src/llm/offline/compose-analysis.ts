import type { FailedModel, LlmRequest } from '@engineer-chat/chat/models'
import { parseCommand } from '@engineer-chat/chat/prompting'
import { COMPOSE_BY_INTENT } from './answers.ts'
import { composeCommand } from './compose-command.ts'
import { createEventRecord } from './event-record.ts'
import { detectIntents, type Intent } from './intents.ts'
import { MAX_ANSWER_BYTES } from './limits.ts'
import { toCode } from './markdown.ts'
import type { OfflineMessages } from './messages.ts'
import { EN } from './messages-en.ts'
import { ZH } from './messages-zh.ts'
import { listMissing } from './missing.ts'
import { composeRoomMessages, composeRunbooks } from './room-sections.ts'
import {
  type ComposeSection,
  composeEvent,
  composeNearestSentences,
  composeQuotedMessage,
  composeSummary,
} from './sections.ts'

export type AnalysisInput = Pick<LlmRequest, 'context' | 'language' | 'failedModels'>

/** Composes the answer as Markdown: a notice, and the sections of a command or those of `planSections`. */
export function composeAnalysis(
  { context, language, failedModels = [] }: AnalysisInput,
  areModelsConfigured = false,
): string {
  const messages = language === 'zh' ? ZH : EN
  const notice = `> ${createNotice(failedModels, areModelsConfigured, messages)}`
  const parsed = parseCommand(context.question)
  if (parsed) return joinWithin([notice, ...composeCommand(parsed.command, context, messages)], messages)
  const record = createEventRecord(context)
  const parts = planSections(detectIntents(context.question)).map(([title, compose]) => {
    const text = compose(record, messages)
    return text === undefined ? '' : `### ${messages.titles[title]}\n\n${text}`
  })
  return joinWithin([notice, ...parts], messages)
}

/** Joins the parts up to `MAX_ANSWER_BYTES`. A longer answer is cut between two lines, so that every line is whole. */
function joinWithin(parts: string[], messages: OfflineMessages): string {
  const answer = parts.filter((part) => part !== '').join('\n\n')
  if (Buffer.byteLength(answer) <= MAX_ANSWER_BYTES) return answer
  const note = `\n\n> ${messages.tooLong}`
  let remainingBytes = MAX_ANSWER_BYTES - Buffer.byteLength(note)
  const lines: string[] = []
  for (const line of answer.split('\n')) {
    remainingBytes -= Buffer.byteLength(line) + 1
    if (remainingBytes < 0) break
    lines.push(line)
  }
  return `${lines.join('\n')}${note}`
}

function createNotice(failedModels: FailedModel[], areModelsConfigured: boolean, messages: OfflineMessages): string {
  if (failedModels.length > 0)
    return messages.failureNotice(
      failedModels.map(({ model_id, code }) => `${toCode(model_id)}: ${messages.failureReasons[code]}`).join('; '),
    )
  return areModelsConfigured ? messages.analystNotice : messages.noModelNotice
}

type TitledSection = [title: keyof OfflineMessages['titles'], compose: ComposeSection]

const LIST_INTENTS: Intent[] = ['runbooks', 'timeline', 'indicators', 'missing']

/** Plans the quoted message, the requested sections, then those that show the record. Each section comes once. */
function planSections(intents: Intent[]): TitledSection[] {
  const requested = intents.map((intent): TitledSection => [intent, COMPOSE_BY_INTENT[intent]])
  const includesAdvice = intents.length === 0 || intents.includes('summary')
  // A list or a table already contains the part of the summary that was asked for.
  const isListAsked = intents.length > 0 && intents.every((intent) => LIST_INTENTS.includes(intent))
  const plan: TitledSection[] = [
    ['quoted', composeQuotedMessage],
    ...requested,
    ...(requested.length === 0 ? [['found', composeNearestSentences] satisfies TitledSection] : []),
    ['runbooks', composeRunbooks],
    ['said', composeRoomMessages],
    ...(isListAsked ? [] : [['summary', composeSummary] satisfies TitledSection]),
    ['event', composeEvent],
    ...(includesAdvice ? [['next', COMPOSE_BY_INTENT.next] satisfies TitledSection] : []),
    ['missing', listMissing],
  ]
  return plan.filter(([title], index) => plan.findIndex(([other]) => other === title) === index)
}
