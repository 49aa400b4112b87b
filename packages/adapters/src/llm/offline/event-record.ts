import { type Evidence, evidenceOf } from '@engineer-chat/chat/prompting'
import type { ReplyContext } from '@engineer-chat/chat/shared'
import { isInternalAddress, isInternalDomain } from './host-names.ts'
import { extractIndicators, type Indicators } from './indicators.ts'
import { type Sentence, type Source, sentencesOf } from './sentences.ts'

/** What there is to know of an event, taken apart. */
export interface EventRecord {
  context: ReplyContext
  /** The agents' findings first, then what was reported. */
  sentences: Sentence[]
  indicators: Indicators
  /** By what a sentence of a source is cited. */
  ids: Partial<Record<Source, string>>
  external: string[]
  inside: string[]
}

export function recordOf(context: ReplyContext): EventRecord {
  const { event, summary } = context
  const texts = [event.event_name, event.message, event.context, summary?.event_summary, summary?.event_suggestion]
  const indicators = extractIndicators(texts.filter(Boolean).join('\n'))
  const addresses = [...indicators.ipv4, ...indicators.ipv6]
  return {
    context,
    sentences: [
      ...sentencesOf('summary', summary?.event_summary ?? ''),
      ...sentencesOf('suggestion', summary?.event_suggestion ?? ''),
      ...sentencesOf('report', event.event_name),
      ...sentencesOf('report', event.message),
      ...sentencesOf('context', event.context),
    ],
    indicators,
    ids: idsOf(evidenceOf(context)),
    external: [
      ...addresses.filter((ip) => !isInternalAddress(ip)),
      ...indicators.domain.filter((name) => !isInternalDomain(name)),
    ],
    inside: [...indicators.host, ...addresses.filter(isInternalAddress), ...indicators.domain.filter(isInternalDomain)],
  }
}

function idsOf(evidence: Evidence[]): EventRecord['ids'] {
  const idOf = (wanted: Evidence['kind']) => evidence.findLast(({ kind }) => kind === wanted)?.id
  const [summary, report, context] = [idOf('summary'), idOf('description'), idOf('context')]
  return {
    ...(summary && { summary, suggestion: summary }),
    ...(report && { report }),
    ...(context && { context }),
  }
}
