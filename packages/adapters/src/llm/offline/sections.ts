import { markDeceptive } from '@engineer-chat/markdown'
import { citeValues, type EventRecord, listValues } from './event-record.ts'
import { createNameCheck } from './indicators/named-values.ts'
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
import { findMatching, findNearest, removeCutName, type Sentence } from './sentences.ts'

const MAX_VALUES = 8
const MAX_NEAREST = 4
/** These limits apply to the numbered advice on a containment. */
const MAX_CONTAINMENT_SUGGESTIONS = 5
const MAX_CONTAINMENT_OBSERVATIONS = 3
const MAX_OTHER_SUGGESTIONS = 4
/** These limits apply to the sentences about an impact or a cause. */
const MAX_MATCHING = 4
const MAX_NEAR_QUESTION = 3
const MAX_RELEVANT = 5

/** Composes one section of the answer, without its title. Returns undefined when there is nothing to say. */
export type ComposeSection = (record: EventRecord, messages: OfflineMessages) => string | undefined

/** Holds a title with the text below it. Without a text the title is left out. */
export type TitledText = [title: string, text: string | undefined]

export const quoteSentences = (
  sentences: Sentence[],
  { idsByOrigin }: EventRecord,
  messages: OfflineMessages,
): string[] =>
  sentences.map(
    ({ origin, text }) => `${toPlainText(text)} *(${messages.origins[origin]})*${cite([idsByOrigin[origin]])}`,
  )

/** Quotes a text below an introduction, which also says so if the quote is cut. */
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

export const composeNearestSentences: ComposeSection = (record, messages) => {
  const { question, quote } = record.context
  const nearest = findNearest(record.sentences, quote ? `${question} ${quote.text}` : question, MAX_NEAREST)
  return nearest.length === 0 ? undefined : formatBullets(quoteSentences(nearest, record, messages))
}

/** Lists actions on the indicators of the record. It leaves out each value that the advice already names. */
function listCandidates(record: EventRecord, messages: OfflineMessages, advice: Sentence[] = []): string[] {
  const { isolate, block, accounts, hunt, patch } = messages.candidates
  const isAdvised = createNameCheck(
    advice.map(({ text }) => removeCutName(text)).join('\n'),
    listValues(record, 'account'),
  )
  const listAction = (format: (values: string) => string, values: string[]) => {
    const unnamed = values.filter((value) => !isAdvised(value))
    return unnamed.length > 0
      ? [`${format(toCodeList(unnamed, MAX_VALUES))}${citeValues(record, unnamed.slice(0, MAX_VALUES))}`]
      : []
  }
  return [
    ...listAction(isolate, record.internalHosts),
    ...listAction(block, [...record.externalAddresses, ...listOtherUrls(record), ...listValues(record, 'email')]),
    ...listAction(accounts, listValues(record, 'account')),
    ...listAction(hunt, listValues(record, 'hash', 'path')),
    ...listAction(patch, listValues(record, 'cve')),
  ]
}

/** Lists the URLs whose host is neither an address nor a domain of the record. */
function listOtherUrls(record: EventRecord): string[] {
  const hosts = new Set([...record.externalAddresses, ...listValues(record, 'domain', 'ipv4', 'ipv6')])
  const readHost = (url: string) => URL.parse(url)?.hostname.replace(/^\[|\]$/g, '') // IPv6 stands in brackets.
  return listValues(record, 'url').filter((url) => !hosts.has(readHost(url) ?? ''))
}

export const composeContainment: ComposeSection = (record, messages) => {
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
    sentence.origin === 'suggestion'
      ? [`${toPlainText(sentence.text)}${cite([record.idsByOrigin.suggestion])}`]
      : quoteSentences([sentence], record, messages),
  )

/** Lists the agents' suggestions on a containment, then observations on it, then the other suggestions. */
function listAdvice({ sentences }: EventRecord): Sentence[] {
  const suggestions = sentences.filter(({ origin }) => origin === 'suggestion')
  const observations = sentences.filter(({ origin }) => origin !== 'suggestion')
  const onContainment = [
    ...findMatching(suggestions, SENTENCE_PATTERNS.containment, MAX_CONTAINMENT_SUGGESTIONS),
    ...findMatching(observations, SENTENCE_PATTERNS.containment, MAX_CONTAINMENT_OBSERVATIONS),
  ]
  return [
    ...onContainment,
    ...suggestions.filter((sentence) => !onContainment.includes(sentence)).slice(0, MAX_OTHER_SUGGESTIONS),
  ]
}

export const composeImpact: ComposeSection = (record, messages) => {
  const candidates = [...record.internalHosts, ...listValues(record, 'account', 'email')]
  const sentences = quoteSentences(findRelevantSentences(record, SENTENCE_PATTERNS.impact), record, messages)
  if (candidates.length === 0 && sentences.length === 0) return messages.noSentences
  return joinParagraphs(
    candidates.length > 0 &&
      `${messages.impactNamed} ${toCodeList(candidates, MAX_VALUES)}${citeValues(record, candidates)}`,
    sentences.length > 0 && formatBullets(sentences),
  )
}

export const composeCause: ComposeSection = (record, messages) => {
  const causes = quoteSentences(findRelevantSentences(record, SENTENCE_PATTERNS.cause), record, messages)
  return causes.length === 0 ? messages.noSentences : formatBullets(causes)
}

/**
 * Lists sentences that match the pattern, and those close to the question, each once. It leaves out suggestions, which
 * are neither a cause nor an effect.
 */
export function findRelevantSentences({ sentences, context }: EventRecord, pattern: RegExp): Sentence[] {
  const observations = sentences.filter(({ origin }) => origin !== 'suggestion')
  return [
    ...new Set([
      ...findMatching(observations, pattern, MAX_MATCHING),
      ...findNearest(observations, context.question, MAX_NEAR_QUESTION),
    ]),
  ].slice(0, MAX_RELEVANT)
}

export const composeNextSteps: ComposeSection = (record, messages) => {
  const suggestion = record.context.summary?.event_suggestion.trim()
  if (suggestion) return quoteValue(messages.suggested, record.idsByOrigin.suggestion, suggestion, messages)
  const candidates = listCandidates(record, messages)
  return joinParagraphs(
    messages.noSuggestion,
    candidates.length > 0 && `${messages.fromIndicators}\n\n${formatBullets(candidates)}`,
    `${messages.practice}\n\n${formatNumbered(messages.practiceSteps)}`,
  )
}

/** Shows and cites the message that the question quotes. */
export const composeQuotedMessage: ComposeSection = ({ context: { quote }, idsByOrigin }, messages) =>
  quote &&
  quoteValue(
    `**${toPlainText(cutText(quote.author))}**, ${formatTime(quote.created_at)}`,
    idsByOrigin.quote,
    quote.text,
    messages,
  )

export const composeSummary: ComposeSection = ({ context: { summary, summary_updated }, idsByOrigin }, messages) => {
  if (!summary) return undefined
  return joinParagraphs(
    quoteValue(
      messages.summaryOf(summary.round_id, formatTime(summary.updated_at)),
      idsByOrigin.summary,
      summary.event_summary,
      messages,
    ),
    summary_updated && `*${messages.summaryChanged}*`,
  )
}

/** Names the event. A summary says more than the report, so the report is quoted only if there is no summary. */
export const composeEvent: ComposeSection = ({ context: { event, summary }, idsByOrigin }, messages) =>
  joinParagraphs(
    `**${toPlainText(cutText(event.event_name))}**`,
    `${messages.describeEvent({
      severity: messages.severity[event.severity],
      status: messages.status[event.event_status],
      source: toPlainText(cutText(event.source)),
      created: formatTime(event.created_at),
    })} [ev1]`,
    !summary &&
      event.message.trim() !== '' &&
      quoteValue(messages.reported, idsByOrigin.report, event.message, messages),
    !summary &&
      event.context.trim() !== '' &&
      quoteValue(messages.context, idsByOrigin.context, event.context, messages),
  )
