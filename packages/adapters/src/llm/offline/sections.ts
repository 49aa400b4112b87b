import { markDeceptive } from '@engineer-chat/markdown'
import { citeValues, type EventRecord, listValues } from './event-record.ts'
import { SENTENCE_PATTERNS } from './intents.ts'
import {
  cite,
  cutText,
  formatBullets,
  formatNumbered,
  formatTime,
  joinParagraphs,
  quoteText,
  toCodeList,
  toPlainText,
} from './markdown.ts'
import type { OfflineMessages } from './messages.ts'
import { findMatching, findNearest, type Sentence } from './sentences.ts'

const MAX_VALUES = 8

/** Holds one part of the answer under its title. It is undefined when there is nothing to say. */
export type Section = (record: EventRecord, messages: OfflineMessages) => string | undefined

/** Holds a title with the text below it. Without a text the part is left out. */
export type TitledText = [title: string, text: string | undefined]

export const quoteSentences = (sentences: Sentence[], { ids }: EventRecord, messages: OfflineMessages): string[] =>
  sentences.map(({ source, text }) => `${toPlainText(text)} *(${messages.sources[source]})*${cite([ids[source]])}`)

/** Quotes a value below its introduction, which says if the quote is only its beginning. */
export function quoteValue(
  introduction: string,
  id: string | undefined,
  text: string,
  messages: OfflineMessages,
): string {
  const isCut = cutText(text) !== markDeceptive(text)
  const note = isCut ? ` (${messages.cut(toKilobytes(Buffer.byteLength(text)))})` : ''
  return `${introduction}${note}${messages.colon}${cite([id]).trim()}\n\n${quoteText(text)}`
}

const toKilobytes = (bytes: number): string => (bytes / 1024).toFixed(1)

export const found: Section = (record, messages) => {
  const { question, quote } = record.context
  const near = findNearest(record.sentences, quote ? `${question} ${quote.text}` : question, 4)
  return near.length === 0 ? undefined : formatBullets(quoteSentences(near, record, messages))
}

/** Lists the actions that the indicators suggest, without the values that the advice names already. */
function listCandidates(record: EventRecord, messages: OfflineMessages, advice: Sentence[] = []): string[] {
  const { isolate, block, accounts, hunt, patch } = messages.candidates
  const advised = advice.map(({ text }) => text).join('\n')
  const list = (format: (values: string) => string, values: string[]) => {
    const open = values.filter((value) => !advised.includes(value))
    return open.length > 0
      ? [`${format(toCodeList(open, MAX_VALUES))}${citeValues(record, open.slice(0, MAX_VALUES))}`]
      : []
  }
  return [
    ...list(isolate, record.inside),
    ...list(block, [...record.external, ...listOtherUrls(record), ...listValues(record, 'email')]),
    ...list(accounts, listValues(record, 'account')),
    ...list(hunt, listValues(record, 'hash', 'path')),
    ...list(patch, listValues(record, 'cve')),
  ]
}

/** Lists URLs whose host is not blocked by itself. */
function listOtherUrls(record: EventRecord): string[] {
  const hosts = new Set([...record.external, ...listValues(record, 'domain', 'ipv4', 'ipv6')])
  return listValues(record, 'url').filter((url) => !hosts.has(URL.parse(url)?.hostname.replace(/^\[|\]$/g, '') ?? ''))
}

export const containment: Section = (record, messages) => {
  const advice = listAdvice(record)
  const candidates = listCandidates(record, messages, advice)
  const introduction = advice.length > 0 ? messages.alsoNamed : messages.fromIndicators
  return joinParagraphs(
    advice.length > 0 && formatNumbered(quoteAdvice(advice, record, messages)),
    candidates.length > 0 && `${introduction}\n\n${formatBullets(candidates)}`,
    advice.length === 0 && `${messages.practice}\n\n${formatNumbered(messages.practiceSteps)}`,
  )
}

/** Quotes a suggestion without a label, and an observation with the label of its source. */
const quoteAdvice = (advice: Sentence[], record: EventRecord, messages: OfflineMessages): string[] =>
  advice.flatMap((sentence) =>
    sentence.source === 'suggestion'
      ? [`${toPlainText(sentence.text)}${cite([record.ids.suggestion])}`]
      : quoteSentences([sentence], record, messages),
  )

/** Lists sentences about containment, the agents' advice before the observations, and then the rest of the advice. */
function listAdvice({ sentences }: EventRecord): Sentence[] {
  const suggested = sentences.filter(({ source }) => source === 'suggestion')
  const others = sentences.filter(({ source }) => source !== 'suggestion')
  const contain = [
    ...findMatching(suggested, SENTENCE_PATTERNS.containment, 5),
    ...findMatching(others, SENTENCE_PATTERNS.containment, 3),
  ]
  return [...contain, ...suggested.filter((sentence) => !contain.includes(sentence)).slice(0, 4)]
}

export const impact: Section = (record, messages) => {
  const candidates = [...record.inside, ...listValues(record, 'account', 'email')]
  const sentences = quoteSentences(findRelevantSentences(record, SENTENCE_PATTERNS.impact), record, messages)
  if (candidates.length === 0 && sentences.length === 0) return messages.noSentences
  return joinParagraphs(
    candidates.length > 0 &&
      `${messages.impactNamed} ${toCodeList(candidates, MAX_VALUES)}${citeValues(record, candidates)}`,
    sentences.length > 0 && formatBullets(sentences),
  )
}

export const cause: Section = (record, messages) => {
  const causes = quoteSentences(findRelevantSentences(record, SENTENCE_PATTERNS.cause), record, messages)
  return causes.length === 0 ? messages.noSentences : formatBullets(causes)
}

/**
 * Lists sentences of this intent and those close to the question, each once. Advice is neither a cause nor an effect.
 */
export function findRelevantSentences({ sentences, context }: EventRecord, pattern: RegExp): Sentence[] {
  const observations = sentences.filter(({ source }) => source !== 'suggestion')
  return [
    ...new Set([...findMatching(observations, pattern, 4), ...findNearest(observations, context.question, 3)]),
  ].slice(0, 5)
}

export const next: Section = (record, messages) => {
  const suggestion = record.context.summary?.event_suggestion.trim()
  if (suggestion) return quoteValue(messages.suggested, record.ids.suggestion, suggestion, messages)
  const candidates = listCandidates(record, messages)
  return joinParagraphs(
    messages.noSuggestion,
    candidates.length > 0 && `${messages.fromIndicators}\n\n${formatBullets(candidates)}`,
    `${messages.practice}\n\n${formatNumbered(messages.practiceSteps)}`,
  )
}

/** Shows what the question quotes, and cites it. */
export const quoted: Section = ({ context: { quote }, ids }, messages) =>
  quote &&
  quoteValue(
    `**${toPlainText(cutText(quote.author))}**, ${formatTime(quote.created_at)}`,
    ids.quote,
    quote.text,
    messages,
  )

export const summary: Section = ({ context: { summary, summary_updated }, ids }, messages) => {
  if (!summary) return undefined
  return joinParagraphs(
    quoteValue(
      messages.summaryOf(summary.round_id, formatTime(summary.updated_at)),
      ids.summary,
      summary.event_summary,
      messages,
    ),
    summary_updated && `*${messages.summaryChanged}*`,
  )
}

/** Names the event. A summary says more than the report, so the report is quoted only without one. */
export const event: Section = ({ context: { event, summary }, ids }, messages) =>
  joinParagraphs(
    `**${toPlainText(cutText(event.event_name))}**`,
    `${messages.describeEvent({
      severity: messages.severity[event.severity],
      status: messages.status[event.event_status],
      source: toPlainText(cutText(event.source)),
      created: formatTime(event.created_at),
    })} [ev1]`,
    !summary && event.message.trim() !== '' && quoteValue(messages.reported, ids.report, event.message, messages),
    !summary && event.context.trim() !== '' && quoteValue(messages.context, ids.context, event.context, messages),
  )
