import { type Command, type Evidence, evidenceOf } from '@engineer-chat/chat/prompting'
import type { ReplyContext } from '@engineer-chat/chat/shared'
import { type EventRecord, recordOf } from './event-record.ts'
import { cut, plain, quote, time } from './markdown.ts'
import type { Words } from './messages.ts'
import { ANSWERS, event, gaps } from './sections.ts'

const MAX_QUOTE = 900
const MAX_LINE = 300
const MAX_MESSAGES = 15
const MAX_CHANGES = 10

type Part = [title: string, text: string | undefined]

/** What a command is answered with where there is no model: the record's own pieces in the command's order, each with its citation. */
export function composeCommand(command: Command, context: ReplyContext, words: Words): string[] {
  const record = recordOf(context)
  const evidence = evidenceOf(context)
  return PARTS[command](record, evidence, words).flatMap(([title, text]) =>
    text === undefined || text === '' ? [] : [`### ${title}\n\n${text}`],
  )
}

const PARTS: Record<Command, (record: EventRecord, evidence: Evidence[], words: Words) => Part[]> = {
  summary: (record, evidence, words) => [
    [words.command.happened, joined(event(record, words), messages(evidence, words))],
    [words.command.known, joined(latestSummary(evidence), ANSWERS.indicators(record, words))],
    [words.command.open, gaps(record, words) ?? words.noSentences],
  ],
  catchup: (record, evidence, words) => {
    const news = [
      [words.titles.summary, latestSummary(evidence)],
      [words.command.changes, changes(evidence)],
      [words.command.messages, messages(evidence, words)],
    ] satisfies Part[]
    const isNothing = news.every(([, text]) => text === undefined)
    return isNothing
      ? [
          [words.command.changes, words.command.nothing],
          [words.titles.event, event(record, words)],
        ]
      : news
  },
  handover: (record, evidence, words) => [
    [words.command.situation, joined(event(record, words), latestSummary(evidence))],
    [words.command.done, joined(changes(evidence), messages(evidence, words))],
    [words.titles.next, ANSWERS.next(record, words)],
    [words.command.watch, ANSWERS.indicators(record, words)],
    [words.command.unknown, gaps(record, words)],
  ],
}

const joined = (...parts: Array<string | undefined>): string | undefined =>
  parts.filter(Boolean).join('\n\n') || undefined

function latestSummary(evidence: Evidence[]): string | undefined {
  const latest = evidence.findLast(({ kind }) => kind === 'summary')
  return latest && `${quote(cut(latest.text, MAX_QUOTE))}\n\n${plain(latest.label)} [${latest.id}]`
}

const oneLine = (text: string): string => plain(cut(text.replaceAll(/\s+/g, ' '), MAX_LINE))

function changes(evidence: Evidence[]): string | undefined {
  const lines = evidence
    .filter(({ kind }) => kind === 'change')
    .slice(-MAX_CHANGES)
    .map(({ id, label, text }) => `- ${when(label)}: ${oneLine(text)} [${id}]`)
  return lines.length === 0 ? undefined : lines.join('\n')
}

function messages(evidence: Evidence[], words: Words): string | undefined {
  const all = evidence.filter(({ kind }) => kind === 'message')
  const lines = all
    .slice(-MAX_MESSAGES)
    .map(({ id, label, text }) => `- ${when(label)} **${plain(label.split(', ')[0] ?? '')}**: ${oneLine(text)} [${id}]`)
  const left = all.length - lines.length
  if (lines.length === 0) return undefined
  return left > 0 ? `${words.command.earlier(left)}\n\n${lines.join('\n')}` : lines.join('\n')
}

/** Labels end with their time. */
const when = (label: string): string => time(label.slice(label.lastIndexOf(', ') + 2))
