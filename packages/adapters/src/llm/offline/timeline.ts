import type { Source } from '@engineer-chat/chat/prompting'
import type { EventRecord } from './event-record.ts'
import { cite, formatBullets, formatMinute, joinParagraphs, toCell, toPlainText, toShortLine } from './markdown.ts'
import type { OfflineMessages } from './messages.ts'
import { listMissing } from './missing.ts'
import { type RecordedText, readAuthor, readTime, splitSummary } from './recorded-texts.ts'
import type { ComposeSection, TitledText } from './sections.ts'
import { isDated, splitIntoSentences } from './sentences.ts'

const MAX_MESSAGES = 60
/** This limit applies to summaries, changes and pins together. */
const MAX_OTHERS = 60
const MAX_DATED_SENTENCES = 12
/** An answer to a question shows fewer and shorter rows than a command does. */
const SHORT_LIMITS = { maxMessages: 10, maxOthers: 10, maxCharacters: 120 }

interface Entry {
  /** Holds an ISO time, by which entries are sorted. */
  time: string
  /** Holds the text of the table's cell for what happened, as Markdown. */
  what: string
  /** Entries of one minute with the same text become one entry. */
  text: string
  ids: string[]
}

/** Composes a table of the record, in UTC, and then the sentences with times that name no zone. */
export function composeTimeline(record: EventRecord, _sources: Source[], messages: OfflineMessages): TitledText[] {
  return [
    [messages.command.timeline, formatTimeline(record, messages)],
    [messages.command.asWritten, listWrittenTimes(record) ?? messages.command.notKnown],
    [messages.command.unknown, listMissing(record, messages)],
  ]
}

/** Answers a question: first the sentences that say when something happened, then the table of what was recorded. */
export const composeShortTimeline: ComposeSection = (record, messages) =>
  joinParagraphs(listWrittenTimes(record), formatTimeline(record, messages, SHORT_LIMITS))

/** Formats a table of times, what happened, and its sources. A time is that of recording, or one that a text names. */
export function formatTimeline(
  record: EventRecord,
  messages: OfflineMessages,
  { maxMessages = MAX_MESSAGES, maxOthers = MAX_OTHERS, maxCharacters }: Partial<typeof SHORT_LIMITS> = {},
): string {
  const { command } = messages
  const posts = record.sources.filter(({ kind }) => kind === 'message')
  const others = record.sources.filter(({ kind }) => kind === 'summary' || kind === 'change' || kind === 'pin')
  const zonedEntries = listZonedEntries(record)
  const shownSources = [...others.slice(-maxOthers), ...posts.slice(-maxMessages)]
  const { event } = record.context
  const openingEntry = { time: event.created_at, what: messages.created, text: '', ids: ['ev1'] }
  const entries = mergeEntries([
    openingEntry,
    ...zonedEntries.slice(0, MAX_DATED_SENTENCES),
    ...shownSources.map((source) => toEntry(source, messages, maxCharacters)),
  ])
  const lines = entries.map(({ time, what, ids }) => `| ${formatMinute(time)} | ${what} |${cite(ids)} |`)
  const head = [`| ${command.time} | ${command.what} | ${command.source} |`, '|---|---|---|']
  const omittedCount = others.length + posts.length - shownSources.length
  const note = omittedCount > 0 ? `> ${command.earlierEntries(omittedCount)}\n\n` : ''
  return `${note}${[...head, ...lines].join('\n')}`
}

/** Sorts by time, and joins entries of one minute with the same text. */
function mergeEntries(entries: Entry[]): Entry[] {
  const merged = new Map<string, Entry>()
  for (const entry of entries.toSorted(compareTimes)) {
    const key = `${formatMinute(entry.time)} ${normalize(entry.text)}`
    const known = merged.get(key)
    if (known) known.ids.push(...entry.ids)
    else merged.set(key, { ...entry, ids: [...entry.ids] })
  }
  return [...merged.values()]
}

const compareTimes = (one: Entry, other: Entry): number => (one.time < other.time ? -1 : Number(one.time > other.time))

function toEntry(source: Source, { command }: OfflineMessages, maxCharacters?: number): Entry {
  const { id, kind } = source
  const { text } = kind === 'summary' ? splitSummary(source.text) : source
  const line = toCell(toShortLine(text, maxCharacters))
  const entry = { time: readTime(source), text, ids: [id] }
  if (kind === 'change') return { ...entry, what: `${command.changed}: ${line}` }
  if (kind === 'summary') return { ...entry, what: `${command.summarized}: ${line}` }
  return { ...entry, what: `**${toCell(readAuthor(source))}**: ${line}` }
}

const MAX_COMPARED_CHARACTERS = 500

const normalize = (text: string): string =>
  text.slice(0, MAX_COMPARED_CHARACTERS).replaceAll(/\s+/g, ' ').trim().toLowerCase()

/** Matches a date and a time with its zone, such as `2026-11-22T12:20:05Z` or `2026-11-22 12:20 +08:00`. */
const ZONED_TIME = /\b(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})? ?(Z|UTC|GMT|[+-]\d\d:?\d\d)(?![\w:])/

/** Lists the sentences that name a date, a time and a zone. Only such a time can be sorted among the entries. */
function listZonedEntries(record: EventRecord): Entry[] {
  return listDatedSentences(record).flatMap(({ text, ids }): Entry[] => {
    const time = readZonedTime(text)
    return time === undefined ? [] : [{ time, what: toCell(toShortLine(text)), text, ids }]
  })
}

function readZonedTime(text: string): string | undefined {
  const [, date, time, zone = ''] = ZONED_TIME.exec(text) ?? []
  const parsed = new Date(`${date}T${time}${/\d/.test(zone) ? zone : 'Z'}`)
  return Number.isNaN(parsed.getTime()) ? undefined : parsed.toISOString()
}

/** Lists the sentences whose time has no zone. It can be neither converted nor sorted, so the sentences are quoted. */
function listWrittenTimes(record: EventRecord): string | undefined {
  const sentences = listDatedSentences(record)
    .filter(({ text }) => readZonedTime(text) === undefined)
    .slice(0, MAX_DATED_SENTENCES)
  return sentences.length === 0
    ? undefined
    : formatBullets(sentences.map(({ text, ids }) => `${toPlainText(toShortLine(text))}${cite(ids)}`))
}

interface DatedSentence {
  text: string
  ids: string[]
}

const KIND_ORDER: Array<Source['kind']> = ['quote', 'event', 'description', 'summary', 'pin', 'message', 'context']

/** Lists the sentences that name a time, each once, in the order of `KIND_ORDER`, and those of documents at the end. */
function listDatedSentences({ recordedTexts, sources }: EventRecord): DatedSentence[] {
  const sentencesByText = new Map<string, DatedSentence>()
  const add = (text: string, id: string) => {
    const known = sentencesByText.get(normalize(text))
    if (!known) sentencesByText.set(normalize(text), { text, ids: [id] })
    else if (!known.ids.includes(id)) known.ids.push(id)
  }
  for (const { id, sentences } of sortByKind(recordedTexts)) {
    for (const text of sentences) if (isDated(text)) add(text, id)
  }
  for (const { id, kind, text } of sources) {
    if (kind !== 'document') continue
    // A runbook's hours are not times of this event, so a document's sentence needs a date.
    for (const sentence of splitIntoSentences(text)) if (/\d{4}-\d\d-\d\d/.test(sentence)) add(sentence, id)
  }
  return [...sentencesByText.values()]
}

const sortByKind = (recordedTexts: RecordedText[]): RecordedText[] =>
  recordedTexts
    .filter(({ kind }) => KIND_ORDER.includes(kind))
    .toSorted((one, other) => KIND_ORDER.indexOf(one.kind) - KIND_ORDER.indexOf(other.kind))
