import type { FailedModel, LlmRequest } from '@engineer-chat/chat/models'
import { parseCommand } from '@engineer-chat/chat/prompting'
import { ANSWERS } from './answers.ts'
import { composeCommand } from './compose-command.ts'
import { createEventRecord } from './event-record.ts'
import { listGaps } from './gaps.ts'
import { detectIntents, type Intent } from './intents.ts'
import { MAX_ANSWER_BYTES } from './limits.ts'
import { toCode } from './markdown.ts'
import type { OfflineMessages } from './messages.ts'
import { EN } from './messages-en.ts'
import { ZH } from './messages-zh.ts'
import { runbooks, said } from './room-sections.ts'
import { event, found, quoted, type Section, summary } from './sections.ts'

export type AnalysisInput = Pick<LlmRequest, 'context' | 'language' | 'failedModels'>

/** Composes the whole answer as Markdown. The requested part comes first, then the sources for it. */
export function composeAnalysis(
  { context, language, failedModels: tried = [] }: AnalysisInput,
  isChosen = false,
): string {
  const messages = language === 'zh' ? ZH : EN
  const notice = `> ${createNotice(tried, isChosen, messages)}`
  const parsed = parseCommand(context.question)
  if (parsed) return joinWithin([notice, ...composeCommand(parsed.command, context, messages)], messages)
  const record = createEventRecord(context)
  const parts = planSections(detectIntents(context.question)).map(([title, section]) => {
    const text = section(record, messages)
    return text === undefined ? '' : `### ${messages.titles[title]}\n\n${text}`
  })
  return joinWithin([notice, ...parts], messages)
}

/** Joins the parts up to `MAX_ANSWER_BYTES`. A longer answer is cut between two lines, so that every line is whole. */
function joinWithin(parts: string[], messages: OfflineMessages): string {
  const answer = parts.filter((part) => part !== '').join('\n\n')
  if (Buffer.byteLength(answer) <= MAX_ANSWER_BYTES) return answer
  const note = `\n\n> ${messages.tooLong}`
  let left = MAX_ANSWER_BYTES - Buffer.byteLength(note)
  const lines: string[] = []
  for (const line of answer.split('\n')) {
    left -= Buffer.byteLength(line) + 1
    if (left < 0) break
    lines.push(line)
  }
  return `${lines.join('\n')}${note}`
}

function createNotice(tried: FailedModel[], isChosen: boolean, messages: OfflineMessages): string {
  if (tried.length > 0)
    return messages.noAnswer(
      tried.map(({ model, code }) => `${toCode(model)}: ${messages.failureReasons[code]}`).join('; '),
    )
  return isChosen ? messages.chosen : messages.notice
}

type Part = [title: keyof OfflineMessages['titles'], section: Section]

const LISTS: Intent[] = ['runbooks', 'timeline', 'indicators', 'gaps']

/** Plans the direct answer, then the sources for it, each part once. */
function planSections(intents: Intent[]): Part[] {
  const requested = intents.map((intent): Part => [intent, ANSWERS[intent]])
  const isAdviceAsked = intents.length === 0 || intents.includes('summary')
  // A list or a table already contains the requested parts of the summary.
  const isListAsked = intents.length > 0 && intents.every((intent) => LISTS.includes(intent))
  const plan: Part[] = [
    ['quoted', quoted],
    ...requested,
    ...(requested.length === 0 ? [['found', found] satisfies Part] : []),
    ['runbooks', runbooks],
    ['said', said],
    ...(isListAsked ? [] : [['summary', summary] satisfies Part]),
    ['event', event],
    ...(isAdviceAsked ? [['next', ANSWERS.next] satisfies Part] : []),
    ['gaps', listGaps],
  ]
  return plan.filter(([title], index) => plan.findIndex(([other]) => other === title) === index)
}
