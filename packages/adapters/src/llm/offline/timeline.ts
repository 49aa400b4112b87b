import type { Source } from '@engineer-chat/chat/prompting'
import type { EventRecord } from './event-record.ts'
import { formatTime, toCell, toShortLine } from './markdown.ts'
import type { OfflineMessages } from './messages.ts'
import { formatBullets, listGaps, quoteSentences, type TitledText } from './sections.ts'
import { findDated } from './sentences.ts'

const MAX_MESSAGES = 60
const MAX_OTHERS = 60
const MAX_DATED = 12

/** Composes a table of what was recorded, in UTC, and below it the times that stand in texts, as they are written. */
export function composeTimeline(record: EventRecord, sources: Source[], messages: OfflineMessages): TitledText[] {
  return [
    [messages.command.timeline, formatTimeline(record, sources, messages)],
    [messages.command.asWritten, listWrittenTimes(record, messages)],
    [messages.command.unknown, listGaps(record, messages)],
  ]
}

/** Each row has the time at which a thing was recorded, and its source. */
export function formatTimeline(record: EventRecord, sources: Source[], messages: OfflineMessages): string {
  const { command } = messages
  const posts = sources.filter(({ kind }) => kind === 'message')
  const others = sources.filter(({ kind }) => kind === 'summary' || kind === 'change' || kind === 'pin')
  const rows = [...others.slice(-MAX_OTHERS), ...posts.slice(-MAX_MESSAGES)].map((source) => ({
    at: source.label.slice(source.label.lastIndexOf(', ') + 2),
    what: describeSource(source, messages),
    id: source.id,
  }))
  const opened = { at: record.context.event.created_at, what: messages.created, id: 'ev1' }
  const lines = [opened, ...rows]
    .sort((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)))
    .map(({ at, what, id }) => `| ${formatTime(at)} | ${what} | [${id}] |`)
  const head = [`| ${command.time} | ${command.what} | ${command.source} |`, '|---|---|---|']
  const omittedCount = others.length + posts.length - rows.length
  const note = omittedCount > 0 ? `> ${command.earlierEntries(omittedCount)}\n\n` : ''
  return `${note}${[...head, ...lines].join('\n')}`
}

function describeSource({ kind, label, text }: Source, { command }: OfflineMessages): string {
  const line = toCell(toShortLine(text))
  if (kind === 'change') return `${command.changed}: ${line}`
  if (kind === 'summary') return `${command.summarized}: ${line}`
  return `**${toCell(label.slice(0, label.lastIndexOf(', ')))}**: ${line}`
}

/** A text seldom says its zone, so its times are neither converted nor sorted among the others. */
function listWrittenTimes(record: EventRecord, messages: OfflineMessages): string {
  const dated = quoteSentences(findDated(record.sentences, MAX_DATED), record, messages)
  return dated.length === 0 ? messages.command.notKnown : formatBullets(dated)
}
