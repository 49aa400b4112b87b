import { listSources, type Source } from '@engineer-chat/chat/prompting'
import { isInternalDomain } from '@engineer-chat/chat/rooms'
import type { ReplyContext } from '@engineer-chat/chat/shared'
import { isInternalAddress } from './host-names.ts'
import { extractIndicators, type Indicators } from './indicators.ts'
import { type Sentence, type SentenceSource, splitSentences } from './sentences.ts'

/** Holds what is recorded of an event, split into sentences and sources. */
export interface EventRecord {
  context: ReplyContext
  /** The agents' findings come first, then what was reported. */
  sentences: Sentence[]
  indicators: Indicators
  /** Returns the label by which a sentence of a source is cited. */
  ids: Partial<Record<SentenceSource, string>>
  external: string[]
  inside: string[]
}

export function createEventRecord(context: ReplyContext): EventRecord {
  const { event, summary } = context
  const texts = [event.event_name, event.message, event.context, summary?.event_summary, summary?.event_suggestion]
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
    ids: listSourceIds(listSources(context)),
    external: [
      ...addresses.filter((ip) => !isInternalAddress(ip)),
      ...indicators.domain.filter((name) => !isInternalDomain(name)),
    ],
    inside: [...indicators.host, ...addresses.filter(isInternalAddress), ...indicators.domain.filter(isInternalDomain)],
  }
}

function listSourceIds(evidence: Source[]): EventRecord['ids'] {
  const idOf = (wanted: Source['kind']) => evidence.findLast(({ kind }) => kind === wanted)?.id
  const [summary, report, context] = [idOf('summary'), idOf('description'), idOf('context')]
  return {
    ...(summary && { summary, suggestion: summary }),
    ...(report && { report }),
    ...(context && { context }),
  }
}
