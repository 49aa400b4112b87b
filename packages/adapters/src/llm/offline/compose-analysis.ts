import type { LlmRequest, Tried } from '@engineer-chat/chat/models'
import { commandOf } from '@engineer-chat/chat/prompting'
import { composeCommand } from './compose-command.ts'
import { recordOf } from './event-record.ts'
import { type Intent, intentsOf } from './intents.ts'
import { code } from './markdown.ts'
import { EN, type Words, ZH } from './messages.ts'
import { ANSWERS, event, found, gaps, type Section, summary } from './sections.ts'

export type Asked = Pick<LlmRequest, 'context' | 'language' | 'tried'>

/** The whole answer, as Markdown. What was asked for stands first, then what it rests on. */
export function composeAnalysis({ context, language, tried = [] }: Asked, isChosen = false): string {
  const words = language === 'zh' ? ZH : EN
  const notice = `> ${noticeOf(tried, isChosen, words)}`
  const asked = commandOf(context.question)
  if (asked) return [notice, ...composeCommand(asked.command, context, words)].join('\n\n')
  const record = recordOf(context)
  const parts = planOf(intentsOf(context.question)).map(([title, section]) => {
    const text = section(record, words)
    return text === undefined ? '' : `### ${words.titles[title]}\n\n${text}`
  })
  return [notice, ...parts].filter((part) => part !== '').join('\n\n')
}

function noticeOf(tried: Tried[], isChosen: boolean, words: Words): string {
  if (tried.length > 0)
    return words.noAnswer(tried.map(({ model, code: why }) => `${code(model)}: ${words.why[why]}`).join('; '))
  return isChosen ? words.chosen : words.notice
}

type Part = [title: keyof Words['titles'], section: Section]

function planOf(intents: Intent[]): Part[] {
  const asked = intents.map((intent): Part => [intent, ANSWERS[intent]])
  const rest: Intent[] = ['next', 'indicators']
  const more = rest.filter((intent) => !intents.includes(intent)).map((intent): Part => [intent, ANSWERS[intent]])
  // The advice is in the part on containment already.
  const kept = intents.includes('containment') ? more.filter(([title]) => title !== 'next') : more
  return [
    ...asked,
    ...(asked.length === 0 ? [['found', found] as Part] : []),
    ['summary', summary],
    ['event', event],
    ...kept,
    ['gaps', gaps],
  ]
}
