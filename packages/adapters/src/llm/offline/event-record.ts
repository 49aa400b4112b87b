import { listSources, type Source } from '@engineer-chat/chat/prompting'
import { isInternalDomain } from '@engineer-chat/chat/rooms'
import type { ReplyContext } from '@engineer-chat/chat/shared'
import { isInternalAddress } from './host-names.ts'
import { extractIndicators, type Indicators } from './indicators.ts'
import { type Sentence, type SentenceSource, splitSentences } from './sentences.ts'

/** Holds what is recorded of an event, split into sentences and sources. */
export interface EventRecord {
  context: ReplyContext
  /** The agents' findings come first, then the reported facts. */
  sentences: Sentence[]
  indicators: Indicators
  /** Maps each source of sentences to the id by which it is cited. */
  ids: Partial<Record<SentenceSource | 'quote', string>>
  /** Lists everything that the answer may quote. */
  sources: Source[]
  external: string[]
  inside: string[]
}

export function createEventRecord(context: ReplyContext): EventRecord {
  const { event, summary, quote } = context
  const summaryTexts = [summary?.event_summary, summary?.event_suggestion]
  const texts = [quote?.text, event.event_name, event.message, event.context, ...summaryTexts]
  const sources = listSources(context)
  const indicators = extractIndicators(texts.filter(Boolean).join('\n'))
  const addresses = [...indicators.ipv4, ...indicators.ipv6]
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
    ids: listSourceIds(sources),
    sources,
    external: [
      ...addresses.filter((ip) => !isInternalAddress(ip)),
      ...indicators.domain.filter((name) => !isInternalDomain(name)),
    ],
    inside: [...indicators.host, ...addresses.filter(isInternalAddress), ...indicators.domain.filter(isInternalDomain)],
  }
}

function listSourceIds(sources: Source[]): EventRecord['ids'] {
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
