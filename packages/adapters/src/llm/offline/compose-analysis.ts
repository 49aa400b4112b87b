import type { FailedModel, LlmRequest } from '@engineer-chat/chat/models'
import { parseCommand } from '@engineer-chat/chat/prompting'
import { composeCommand } from './compose-command.ts'
import { createEventRecord } from './event-record.ts'
import { detectIntents, type Intent } from './intents.ts'
import { toCode } from './markdown.ts'
import type { OfflineMessages } from './messages.ts'
import { EN } from './messages-en.ts'
import { ZH } from './messages-zh.ts'
import { runbooks, said } from './room-sections.ts'
import { ANSWERS, event, found, listGaps, quoted, type Section, summary } from './sections.ts'

export type AnalysisInput = Pick<LlmRequest, 'context' | 'language' | 'failedModels'>

/** Composes the whole answer as Markdown. The requested part comes first, then the sources that it rests on. */
export function composeAnalysis(
  { context, language, failedModels: tried = [] }: AnalysisInput,
  isChosen = false,
): string {
  const messages = language === 'zh' ? ZH : EN
  const notice = `> ${createNotice(tried, isChosen, messages)}`
  const parsed = parseCommand(context.question)
  if (parsed) return [notice, ...composeCommand(parsed.command, context, messages)].join('\n\n')
  const record = createEventRecord(context)
  const parts = planSections(detectIntents(context.question)).map(([title, section]) => {
    const text = section(record, messages)
    return text === undefined ? '' : `### ${messages.titles[title]}\n\n${text}`
  })
  return [notice, ...parts].filter((part) => part !== '').join('\n\n')
}

function createNotice(tried: FailedModel[], isChosen: boolean, messages: OfflineMessages): string {
  if (tried.length > 0)
    return messages.noAnswer(
      tried.map(({ model, code }) => `${toCode(model)}: ${messages.failureReasons[code]}`).join('; '),
    )
  return isChosen ? messages.chosen : messages.notice
}

type Part = [title: keyof OfflineMessages['titles'], section: Section]

function planSections(intents: Intent[]): Part[] {
  const requested = intents.map((intent): Part => [intent, ANSWERS[intent]])
  const lead: Part[] = requested.length === 0 ? [['found', found]] : []
  const rest: Intent[] = ['next', 'indicators']
  const otherAnswers = rest
    .filter((intent) => !intents.includes(intent))
    .map((intent): Part => [intent, ANSWERS[intent]])
  // The part on containment contains the advice already.
  const answers = intents.includes('containment') ? otherAnswers.filter(([title]) => title !== 'next') : otherAnswers
  return [
    ['quoted', quoted],
    ...requested,
    ...lead,
    ['runbooks', runbooks],
    ['said', said],
    ['summary', summary],
    ['event', event],
    ...answers,
    ['gaps', listGaps],
  ]
}
