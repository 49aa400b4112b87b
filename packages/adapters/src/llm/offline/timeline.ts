import type { Source } from '@engineer-chat/chat/prompting'
import type { EventRecord } from './event-record.ts'
import { listGaps } from './gaps.ts'
import {
  cite,
  cutText,
  formatBullets,
  formatMinute,
  joinParagraphs,
  toCell,
  toPlainText,
  toShortLine,
} from './markdown.ts'
import type { OfflineMessages } from './messages.ts'
import { type Passage, readTime, splitSummary } from './passages.ts'
import type { Section, TitledText } from './sections.ts'
import { isDated, splitSentences } from './sentences.ts'

const MAX_MESSAGES = 60
const MAX_OTHERS = 60
const MAX_DATED = 12
/** An answer to a question shows fewer and shorter rows than a command does. */
const SHORT = { maxMessages: 10, maxOthers: 10, maxCharacters: 120 }

interface Entry {
  /** Holds the time by which entries are sorted. */
  at: string
  what: string
  /** Two entries of one minute with the same text are one. */
  text: string
  ids: string[]
}

/** Composes a table of what was recorded, in UTC, and below it the times that texts contain, as they are written. */
export function composeTimeline(record: EventRecord, _sources: Source[], messages: OfflineMessages): TitledText[] {
  return [
    [messages.command.timeline, formatTimeline(record, messages)],
    [messages.command.asWritten, listWrittenTimes(record) ?? messages.command.notKnown],
    [messages.command.unknown, listGaps(record, messages)],
  ]
}

/** Answers a question: the times in texts say when it happened, and the table says when it was recorded. */
export const timeline: Section = (record, messages) =>
  joinParagraphs(listWrittenTimes(record), formatTimeline(record, messages, SHORT))

/** Each row has the time at which a thing was recorded, or that a text names with its zone, and its sources. */
export function formatTimeline(
  record: EventRecord,
  messages: OfflineMessages,
  { maxMessages = MAX_MESSAGES, maxOthers = MAX_OTHERS, maxCharacters }: Partial<typeof SHORT> = {},
): string {
  const { command } = messages
  const posts = record.sources.filter(({ kind }) => kind === 'message')
  const others = record.sources.filter(({ kind }) => kind === 'summary' || kind === 'change' || kind === 'pin')
  const dated = listZonedEntries(record)
  const shown = [...others.slice(-maxOthers), ...posts.slice(-maxMessages)]
  const { event } = record.context
  const opened = { at: event.created_at, what: messages.created, text: '', ids: ['ev1'] }
  const entries = mergeEntries([
    opened,
    ...dated.slice(0, MAX_DATED),
    ...shown.map((source) => toEntry(source, messages, maxCharacters)),
  ])
  const lines = entries.map(({ at, what, ids }) => `| ${formatMinute(at)} | ${what} |${cite(ids)} |`)
  const head = [`| ${command.time} | ${command.what} | ${command.source} |`, '|---|---|---|']
  const omittedCount = others.length + posts.length - shown.length
  const note = omittedCount > 0 ? `> ${command.earlierEntries(omittedCount)}\n\n` : ''
  return `${note}${[...head, ...lines].join('\n')}`
}

/** Sorts by time, and writes once what several sources say. */
function mergeEntries(entries: Entry[]): Entry[] {
  const merged = new Map<string, Entry>()
  for (const entry of entries.toSorted((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)))) {
    const key = `${formatMinute(entry.at)} ${normalize(entry.text)}`
    const known = merged.get(key)
    if (known) known.ids.push(...entry.ids)
    else merged.set(key, { ...entry, ids: [...entry.ids] })
  }
  return [...merged.values()]
}

function toEntry(source: Source, { command }: OfflineMessages, maxCharacters?: number): Entry {
  const { id, kind, label } = source
  const { text } = kind === 'summary' ? splitSummary(source.text) : source
  const line = toCell(toShortLine(text, maxCharacters))
  const author = toCell(cutText(label.slice(0, label.lastIndexOf(', '))))
  const entry = { at: readTime(source), text, ids: [id] }
  if (kind === 'change') return { ...entry, what: `${command.changed}: ${line}` }
  if (kind === 'summary') return { ...entry, what: `${command.summarized}: ${line}` }
  return { ...entry, what: `**${author}**: ${line}` }
}

const normalize = (text: string): string => text.slice(0, 500).replaceAll(/\s+/g, ' ').trim().toLowerCase()

const ZONED_TIME = /\b(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})? ?(Z|UTC|GMT|[+-]\d\d:?\d\d)(?![\w:])/

/** Lists the sentences that name a date, a time and its zone. Nothing else can be sorted among what was recorded. */
function listZonedEntries(record: EventRecord): Entry[] {
  return listDatedSentences(record).flatMap(({ text, ids }): Entry[] => {
    const at = readZonedTime(text)
    return at === undefined ? [] : [{ at, what: toCell(toShortLine(text)), text, ids }]
  })
}

function readZonedTime(text: string): string | undefined {
  const [, date, time, zone = ''] = ZONED_TIME.exec(text) ?? []
  const at = new Date(`${date}T${time}${/\d/.test(zone) ? zone : 'Z'}`)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

/** A text seldom says its zone, so its times are neither converted nor sorted among the others. */
function listWrittenTimes(record: EventRecord): string | undefined {
  const dated = listDatedSentences(record)
    .filter(({ text }) => readZonedTime(text) === undefined)
    .slice(0, MAX_DATED)
  return dated.length === 0
    ? undefined
    : formatBullets(dated.map(({ text, ids }) => `${toPlainText(toShortLine(text))}${cite(ids)}`))
}

interface DatedSentence {
  text: string
  ids: string[]
}

const KIND_ORDER: Array<Source['kind']> = ['quote', 'event', 'description', 'summary', 'pin', 'message', 'context']

/** Lists the sentences that name a time, in the order of their texts, each once. */
function listDatedSentences({ passages, sources }: EventRecord): DatedSentence[] {
  const found = new Map<string, DatedSentence>()
  const add = (text: string, id: string) => {
    const known = found.get(normalize(text))
    if (!known) found.set(normalize(text), { text, ids: [id] })
    else if (!known.ids.includes(id)) known.ids.push(id)
  }
  for (const { id, sentences } of sortByKind(passages)) {
    for (const text of sentences) if (isDated(text)) add(text, id)
  }
  for (const { id, kind, text } of sources) {
    if (kind !== 'document') continue
    // A runbook's hours are not times of this event, so a document's sentence needs a date.
    for (const sentence of splitSentences('report', text))
      if (/\d{4}-\d\d-\d\d/.test(sentence.text)) add(sentence.text, id)
  }
  return [...found.values()]
}

const sortByKind = (passages: Passage[]): Passage[] =>
  passages
    .filter(({ kind }) => KIND_ORDER.includes(kind))
    .toSorted((one, other) => KIND_ORDER.indexOf(one.kind) - KIND_ORDER.indexOf(other.kind))
