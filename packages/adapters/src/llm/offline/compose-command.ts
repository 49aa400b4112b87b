import { listSources, type Source } from '@engineer-chat/chat/prompting'
import type { ReplyContext } from '@engineer-chat/chat/shared'
import type { AiCommand } from '@engineer-chat/protocol'
import { createEventRecord, type EventRecord } from './event-record.ts'
import { cutText, formatTime, quoteText, toPlainText } from './markdown.ts'
import type { OfflineMessages } from './messages.ts'
import { ANSWERS, event, listGaps } from './sections.ts'

const MAX_QUOTE = 900
const MAX_LINE = 300
const MAX_MESSAGES = 15
const MAX_CHANGES = 10

type Part = [title: string, text: string | undefined]

/** Answers a command without a model. The record's own pieces stand in the command's order, each with its citation. */
export function composeCommand(command: AiCommand, context: ReplyContext, words: OfflineMessages): string[] {
  const record = createEventRecord(context)
  const evidence = listSources(context)
  return PARTS[command](record, evidence, words).flatMap(([title, text]) =>
    text === undefined || text === '' ? [] : [`### ${title}\n\n${text}`],
  )
}

const PARTS: Record<AiCommand, (record: EventRecord, evidence: Source[], words: OfflineMessages) => Part[]> = {
  summary: (record, evidence, words) => [
    [words.command.happened, joinParts(event(record, words), messages(evidence, words))],
    [words.command.known, joinParts(latestSummary(evidence), ANSWERS.indicators(record, words))],
    [words.command.open, listGaps(record, words) ?? words.noSentences],
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
    [words.command.situation, joinParts(event(record, words), latestSummary(evidence))],
    [words.command.done, joinParts(changes(evidence), messages(evidence, words))],
    [words.titles.next, ANSWERS.next(record, words)],
    [words.command.watch, ANSWERS.indicators(record, words)],
    [words.command.unknown, listGaps(record, words)],
  ],
}

const joinParts = (...parts: Array<string | undefined>): string | undefined =>
  parts.filter(Boolean).join('\n\n') || undefined

function latestSummary(evidence: Source[]): string | undefined {
  const latest = evidence.findLast(({ kind }) => kind === 'summary')
  return latest && `${quoteText(cutText(latest.text, MAX_QUOTE))}\n\n${toPlainText(latest.label)} [${latest.id}]`
}

const toOneLine = (text: string): string => toPlainText(cutText(text.replaceAll(/\s+/g, ' '), MAX_LINE))

function changes(evidence: Source[]): string | undefined {
  const lines = evidence
    .filter(({ kind }) => kind === 'change')
    .slice(-MAX_CHANGES)
    .map(({ id, label, text }) => `- ${toTime(label)}: ${toOneLine(text)} [${id}]`)
  return lines.length === 0 ? undefined : lines.join('\n')
}

function messages(evidence: Source[], words: OfflineMessages): string | undefined {
  const all = evidence.filter(({ kind }) => kind === 'message')
  const lines = all
    .slice(-MAX_MESSAGES)
    .map(
      ({ id, label, text }) =>
        `- ${toTime(label)} **${toPlainText(label.split(', ')[0] ?? '')}**: ${toOneLine(text)} [${id}]`,
    )
  const left = all.length - lines.length
  if (lines.length === 0) return undefined
  return left > 0 ? `${words.command.earlier(left)}\n\n${lines.join('\n')}` : lines.join('\n')
}

/** Labels end with their time. */
const toTime = (label: string): string => formatTime(label.slice(label.lastIndexOf(', ') + 2))
