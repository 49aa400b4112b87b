import type { FailedModel, LlmRequest } from '@engineer-chat/chat/models'
import { parseCommand } from '@engineer-chat/chat/prompting'
import { composeCommand } from './compose-command.ts'
import { createEventRecord } from './event-record.ts'
import { detectIntents, type Intent } from './intents.ts'
import { toCode } from './markdown.ts'
import { EN, type OfflineMessages, ZH } from './messages.ts'
import { ANSWERS, event, found, listGaps, type Section, summary } from './sections.ts'

export type AnalysisInput = Pick<LlmRequest, 'context' | 'language' | 'failedModels'>

/** Composes the whole answer as Markdown. The requested part comes first, then the sources that it rests on. */
export function composeAnalysis(
  { context, language, failedModels: tried = [] }: AnalysisInput,
  isChosen = false,
): string {
  const words = language === 'zh' ? ZH : EN
  const notice = `> ${createNotice(tried, isChosen, words)}`
  const asked = parseCommand(context.question)
  if (asked) return [notice, ...composeCommand(asked.command, context, words)].join('\n\n')
  const record = createEventRecord(context)
  const parts = planSections(detectIntents(context.question)).map(([title, section]) => {
    const text = section(record, words)
    return text === undefined ? '' : `### ${words.titles[title]}\n\n${text}`
  })
  return [notice, ...parts].filter((part) => part !== '').join('\n\n')
}

function createNotice(tried: FailedModel[], isChosen: boolean, words: OfflineMessages): string {
  if (tried.length > 0)
    return words.noAnswer(tried.map(({ model, code: why }) => `${toCode(model)}: ${words.why[why]}`).join('; '))
  return isChosen ? words.chosen : words.notice
}

type Part = [title: keyof OfflineMessages['titles'], section: Section]

function planSections(intents: Intent[]): Part[] {
  const asked = intents.map((intent): Part => [intent, ANSWERS[intent]])
  const rest: Intent[] = ['next', 'indicators']
  const more = rest.filter((intent) => !intents.includes(intent)).map((intent): Part => [intent, ANSWERS[intent]])
  // The part on containment contains the advice already.
  const kept = intents.includes('containment') ? more.filter(([title]) => title !== 'next') : more
  return [
    ...asked,
    ...(asked.length === 0 ? [['found', found] as Part] : []),
    ['summary', summary],
    ['event', event],
    ...kept,
    ['gaps', listGaps],
  ]
}
