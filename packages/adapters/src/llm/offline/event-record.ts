import { listSources, MAX_PROMPT_PIECES, type Source } from '@engineer-chat/chat/prompting'
import type { ReplyContext } from '@engineer-chat/chat/shared'
import type { IndicatorKind } from './indicators/extract-indicators.ts'
import { findSeenIndicators, isInternal, type SeenIndicator } from './indicators/seen-indicators.ts'
import { cite } from './markdown.ts'
import { listRecordedTexts, type RecordedText } from './recorded-texts.ts'
import { type Sentence, type SentenceOrigin, splitSentences } from './sentences.ts'

/** Holds what is recorded of an event, split into texts, sentences and indicators. */
export interface EventRecord {
  context: ReplyContext
  /** The agents' findings come first, then the reported facts. */
  sentences: Sentence[]
  indicators: SeenIndicator[]
  /** Maps the origin of sentences, or the quote, to the id of the source by which it is cited. */
  idsByOrigin: Partial<Record<SentenceOrigin | 'quote', string>>
  /** Lists everything that the answer may quote. */
  sources: Source[]
  /** Lists what was written about the event and in its room. */
  recordedTexts: RecordedText[]
  /** Lists the IP addresses and domains outside the organisation. */
  externalAddresses: string[]
  /** Lists the names of hosts in the record, or the internal addresses and domains if it has none. */
  internalHosts: string[]
}

export function createEventRecord(context: ReplyContext): EventRecord {
  const { event, summary } = context
  const sources = listSources(context).filter(isInPrompt)
  const recordedTexts = listRecordedTexts(context, sources)
  const indicators = findSeenIndicators(recordedTexts, sources)
  const addresses = indicators.filter(({ kind }) => kind === 'ipv4' || kind === 'ipv6' || kind === 'domain')
  const hosts = indicators.filter(({ kind }) => kind === 'host')
  return {
    context,
    sentences: [
      ...splitSentences('summary', summary?.event_summary ?? ''),
      ...splitSentences('suggestion', summary?.event_suggestion ?? ''),
      ...splitSentences('report', event.event_name),
      ...splitSentences('report', event.message),
      ...splitSentences('context', event.context),
    ],
    indicators,
    idsByOrigin: mapIdsByOrigin(sources),
    sources,
    recordedTexts,
    externalAddresses: toValues(addresses.filter((indicator) => !isInternal(indicator))),
    // The addresses of named hosts would only repeat the hosts.
    internalHosts: toValues(hosts.length > 0 ? hosts : addresses.filter(isInternal)),
  }
}

/** The analyst reads as many documents as a model gets in its prompt. */
const isInPrompt = ({ kind, rank = 0 }: Source): boolean => kind !== 'document' || rank <= MAX_PROMPT_PIECES

const toValues = (indicators: SeenIndicator[]): string[] => indicators.map(({ value }) => value)

/** Lists the values of the indicators of these kinds. */
export const listValues = ({ indicators }: EventRecord, ...kinds: IndicatorKind[]): string[] =>
  toValues(indicators.filter(({ kind }) => kinds.includes(kind)))

/** Cites the recorded texts that name any of these values. */
export function citeValues({ indicators, recordedTexts }: EventRecord, values: readonly string[]): string {
  const valuesToCite = new Set(values)
  const ids = new Set(
    indicators.filter(({ value }) => valuesToCite.has(value)).flatMap((indicator) => indicator.textIds),
  )
  return cite(recordedTexts.map(({ id }) => id).filter((id) => ids.has(id)))
}

function mapIdsByOrigin(sources: Source[]): EventRecord['idsByOrigin'] {
  const findId = (sourceKind: Source['kind']) => sources.findLast(({ kind }) => kind === sourceKind)?.id
  const [summary, report, context] = [findId('summary'), findId('description'), findId('context')]
  const quote = findId('quote')
  return {
    ...(summary && { summary, suggestion: summary }),
    ...(report && { report }),
    ...(context && { context }),
    ...(quote && { quote }),
  }
}
