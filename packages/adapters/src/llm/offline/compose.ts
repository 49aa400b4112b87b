import type { ReplyContext } from '@engineer-chat/chat'
import { type Intent, intentsOf } from './intents.ts'
import { recordOf } from './record.ts'
import { ANSWERS, event, found, gaps, type Section, summary } from './sections.ts'
import { EN, type Words, ZH } from './words.ts'

/** The whole answer, as Markdown. What was asked for stands first, then what it rests on. */
export function composeAnalysis(context: ReplyContext, language: 'zh' | 'en'): string {
  const words = language === 'zh' ? ZH : EN
  const record = recordOf(context)
  const parts = planOf(intentsOf(context.question)).map(([title, section]) => {
    const text = section(record, words)
    return text === undefined ? '' : `### ${words.titles[title]}\n\n${text}`
  })
  return [`> ${words.notice}`, ...parts].filter((part) => part !== '').join('\n\n')
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
