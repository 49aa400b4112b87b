import { isInternalDomain } from '@engineer-chat/chat/rooms'
import type { EventRecord } from './event-record.ts'
import { isInternalAddress } from './host-names.ts'
import { KINDS } from './indicators.ts'
import { type Intent, SENTENCE_PATTERNS } from './intents.ts'
import { cutText, formatTime, quoteText, toCode, toCodeList, toPlainText } from './markdown.ts'
import type { OfflineMessages } from './messages.ts'
import { findDated, findMatching, findNearest, type Sentence } from './sentences.ts'

const MAX_QUOTE = 1_200
const MAX_VALUES = 8
const MAX_ROWS = 20

/** Is one part of the answer under its title. It is undefined when there is nothing to say. */
export type Section = (record: EventRecord, messages: OfflineMessages) => string | undefined

/** Is a title with the text below it. Without a text it is left out. */
export type TitledText = [title: string, text: string | undefined]

export const formatBullets = (lines: string[]): string => lines.map((line) => `- ${line}`).join('\n')
const formatNumbered = (lines: string[]): string => lines.map((line, index) => `${index + 1}. ${line}`).join('\n')
const joinParagraphs = (...parts: Array<string | undefined | false>): string => parts.filter(Boolean).join('\n\n')
export const quoteSentences = (sentences: Sentence[], { ids }: EventRecord, messages: OfflineMessages): string[] =>
  sentences.map(
    ({ source, text }) =>
      `${toPlainText(text)} *(${messages.sources[source]})*${ids[source] ? ` [${ids[source]}]` : ''}`,
  )

export const found: Section = (record, messages) => {
  const { question, quote } = record.context
  const near = findNearest(record.sentences, quote ? `${question} ${quote.text}` : question, 4)
  return near.length === 0 ? undefined : formatBullets(quoteSentences(near, record, messages))
}

function listCandidates({ external, inside, indicators }: EventRecord, messages: OfflineMessages): string[] {
  const { isolate, block, accounts, hunt, patch } = messages.candidates
  const list = (format: (values: string) => string, values: string[]) =>
    values.length > 0 ? [format(toCodeList(values, MAX_VALUES))] : []
  return [
    ...list(isolate, inside),
    ...list(block, [...external, ...indicators.url]),
    ...list(accounts, [...indicators.account, ...indicators.email]),
    ...list(hunt, [...indicators.hash, ...indicators.path]),
    ...list(patch, indicators.cve),
  ]
}

const containment: Section = (record, messages) => {
  const advice = quoteSentences(listAdvice(record), record, messages)
  const candidates = listCandidates(record, messages)
  return joinParagraphs(
    advice.length > 0 && formatNumbered(advice),
    candidates.length > 0 && `${messages.fromIndicators}\n\n${formatBullets(candidates)}`,
    advice.length === 0 && `${messages.practice}\n\n${formatNumbered(messages.practiceSteps)}`,
  )
}

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

const impact: Section = (record, messages) => {
  const candidates = [...record.inside, ...record.indicators.account, ...record.indicators.email]
  const sentences = quoteSentences(findRelevantSentences(record, SENTENCE_PATTERNS.impact), record, messages)
  if (candidates.length === 0 && sentences.length === 0) return messages.noSentences
  return joinParagraphs(
    candidates.length > 0 && `${messages.impactNamed} ${toCodeList(candidates, MAX_VALUES)}`,
    sentences.length > 0 && formatBullets(sentences),
  )
}

const timeline: Section = (record, messages) => {
  const { event, summary } = record.context
  const dated = quoteSentences(findDated(record.sentences, 10), record, messages)
  const facts = [
    `**${formatTime(event.created_at)}** ${messages.created}`,
    ...(summary ? [`**${formatTime(summary.updated_at)}** ${messages.summarised}`] : []),
  ]
  return joinParagraphs(formatBullets([...dated, ...facts]), dated.length === 0 && messages.noTimes)
}

const cause: Section = (record, messages) => {
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

const next: Section = (record, messages) => {
  const suggestion = record.context.summary?.event_suggestion.trim()
  if (suggestion) return `${messages.suggested}\n\n${quoteText(cutText(suggestion, MAX_QUOTE))}`
  const candidates = listCandidates(record, messages)
  return joinParagraphs(
    messages.noSuggestion,
    candidates.length > 0 && `${messages.fromIndicators}\n\n${formatBullets(candidates)}`,
    `${messages.practice}\n\n${formatNumbered(messages.practiceSteps)}`,
  )
}

const indicators: Section = ({ indicators }, messages) => {
  const rows = KINDS.flatMap((kind) => indicators[kind].map((value) => ({ kind, value })))
  if (rows.length === 0) return messages.noIndicators
  const lines = rows.slice(0, MAX_ROWS).map(({ kind, value }) => {
    const inside = isInternalAddress(value) || (kind === 'domain' && isInternalDomain(value))
    return `| ${messages.kinds[kind]} | ${toCode(value).replaceAll('|', '\\|')}${inside ? ` (${messages.internal})` : ''} |`
  })
  const hiddenRows = rows.length > MAX_ROWS && `(+${rows.length - MAX_ROWS})`
  return joinParagraphs(
    [`| ${messages.kind} | ${messages.values} |`, '|---|---|', ...lines].join('\n'),
    hiddenRows,
    messages.check,
  )
}

/** Shows what the question quotes, and cites it. */
export const quoted: Section = ({ context: { quote }, ids }) =>
  quote &&
  joinParagraphs(
    `**${toPlainText(quote.author)}**, ${formatTime(quote.created_at)}${ids.quote ? ` [${ids.quote}]` : ''}:`,
    quoteText(quote.text),
  )

export const ANSWERS: Record<Intent, Section> = { containment, impact, timeline, indicators, cause, next }

export const summary: Section = ({ context: { summary, summary_updated } }, messages) => {
  if (!summary) return undefined
  return joinParagraphs(
    messages.summaryOf(summary.round_id, formatTime(summary.updated_at)),
    quoteText(cutText(summary.event_summary, MAX_QUOTE)),
    summary_updated && `*${messages.summaryChanged}*`,
  )
}

export const event: Section = ({ context: { event, summary } }, messages) =>
  joinParagraphs(
    `**${toPlainText(event.event_name)}**`,
    messages.describeEvent({
      severity: messages.severity[event.severity],
      status: messages.status[event.event_status],
      source: toPlainText(event.source),
      created: formatTime(event.created_at),
    }),
    `${messages.reported}\n\n${quoteText(cutText(event.message, summary ? 300 : MAX_QUOTE))}`,
    event.context.trim() !== '' && !summary && `${messages.context}\n\n${quoteText(cutText(event.context, 600))}`,
  )

export const listGaps: Section = ({ context: { summary }, sentences, external, inside, indicators }, messages) => {
  const nothingToSearch =
    external.length + indicators.hash.length + indicators.path.length + indicators.url.length === 0
  const missing = [
    !summary && messages.gaps.summary,
    summary && summary.event_suggestion.trim() === '' && messages.gaps.suggestion,
    nothingToSearch && messages.gaps.indicators,
    inside.length === 0 && messages.gaps.hosts,
    findDated(sentences, 1).length === 0 && messages.gaps.times,
  ].filter((line) => typeof line === 'string')
  return missing.length === 0 ? undefined : formatBullets(missing)
}
