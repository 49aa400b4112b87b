import type { Source } from '@engineer-chat/chat/prompting'
import type { ReplyContext } from '@engineer-chat/chat/shared'
import type { AiCommand } from '@engineer-chat/protocol'
import { COMPOSE_BY_INTENT } from './answers.ts'
import { createEventRecord, type EventRecord } from './event-record.ts'
import { formatTime, joinParagraphs, toPlainText, toShortLine } from './markdown.ts'
import type { OfflineMessages } from './messages.ts'
import { listMissing } from './missing.ts'
import { composePostmortem } from './postmortem.ts'
import { readAuthor, readTime } from './recorded-texts.ts'
import { composeEvent, quoteValue, type TitledText } from './sections.ts'
import { composeTimeline } from './timeline.ts'

const MAX_ROOM_MESSAGES = 15
const MAX_CHANGES = 10

/** Answers a command without a model. Below each title of the command it quotes the record, with citations. */
export function composeCommand(command: AiCommand, context: ReplyContext, messages: OfflineMessages): string[] {
  const record = createEventRecord(context)
  const { sources } = record
  return COMPOSERS[command](record, sources, messages).flatMap(([title, text]) =>
    text === undefined || text === '' ? [] : [`### ${title}\n\n${text}`],
  )
}

const COMPOSERS: Record<
  AiCommand,
  (record: EventRecord, sources: Source[], messages: OfflineMessages) => TitledText[]
> = {
  summary: (record, sources, messages) => [
    [messages.command.happened, joinParts(composeEvent(record, messages), listRoomMessages(sources, messages))],
    [
      messages.command.known,
      joinParts(quoteSummary(sources, messages), COMPOSE_BY_INTENT.indicators(record, messages)),
    ],
    [messages.command.open, listMissing(record, messages) ?? messages.nothingMissing],
  ],
  catchup: (record, sources, messages) => {
    const news = [
      [messages.titles.summary, quoteSummary(sources, messages)],
      [messages.command.changes, listChanges(sources)],
      [messages.command.messages, listRoomMessages(sources, messages)],
    ] satisfies TitledText[]
    const isNothingNew = news.every(([, text]) => text === undefined)
    return isNothingNew
      ? [
          [messages.command.changes, messages.command.nothing],
          [messages.titles.event, composeEvent(record, messages)],
        ]
      : news
  },
  handover: (record, sources, messages) => [
    [messages.command.situation, joinParts(composeEvent(record, messages), quoteSummary(sources, messages))],
    [messages.command.done, joinParts(listChanges(sources), listRoomMessages(sources, messages))],
    [messages.titles.next, COMPOSE_BY_INTENT.next(record, messages)],
    [messages.command.watch, COMPOSE_BY_INTENT.indicators(record, messages)],
    [messages.command.unknown, listMissing(record, messages)],
  ],
  timeline: composeTimeline,
  postmortem: composePostmortem,
}

const joinParts = (...parts: Array<string | undefined>): string | undefined => joinParagraphs(...parts) || undefined

function quoteSummary(sources: Source[], messages: OfflineMessages): string | undefined {
  const latest = sources.findLast(({ kind }) => kind === 'summary')
  return latest && quoteValue(toPlainText(latest.label), latest.id, latest.text, messages)
}

const toOneLine = (text: string): string => toPlainText(toShortLine(text))

function listChanges(sources: Source[]): string | undefined {
  const lines = sources
    .filter(({ kind }) => kind === 'change')
    .slice(-MAX_CHANGES)
    .map((source) => `- ${formatTime(readTime(source))}: ${toOneLine(source.text)} [${source.id}]`)
  return lines.length === 0 ? undefined : lines.join('\n')
}

function listRoomMessages(sources: Source[], messages: OfflineMessages): string | undefined {
  const roomMessages = sources.filter(({ kind }) => kind === 'message')
  const lines = roomMessages.slice(-MAX_ROOM_MESSAGES).map((source) => {
    const author = toPlainText(readAuthor(source))
    return `- ${formatTime(readTime(source))} **${author}**: ${toOneLine(source.text)} [${source.id}]`
  })
  const omittedCount = roomMessages.length - lines.length
  if (lines.length === 0) return undefined
  return omittedCount > 0 ? `${messages.command.earlier(omittedCount)}\n\n${lines.join('\n')}` : lines.join('\n')
}
