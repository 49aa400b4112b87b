import { refang } from '@engineer-chat/markdown'
import type { FoundIndicator, IndicatorsQuery } from '@engineer-chat/protocol'
import { listAudiences } from '../../people/index.ts'
import type { Items, Principal, VerbReport } from '../../shared/index.ts'
import type { IndicatorStore } from './indicator-store.ts'

/**
 * Finds indicators in all rooms that the caller may enter, by the beginning of the value or of its host. An agent
 * finds only the indicators of rows that agents may read.
 */
export function searchIndicators(
  ctx: { indicators: IndicatorStore },
  caller: Principal,
  { q, limit = 20, ...query }: IndicatorsQuery,
): Promise<Items<FoundIndicator>> {
  const text = refang(q.trim())
  // Hosts and hashes are stored in lower case, the ids of CVE and ATT&CK in upper case, and a URL as it was written.
  const beginnings = [...new Set([text, text.toLowerCase(), text.toUpperCase()])]
  return ctx.indicators.search({ caller, audiences: listAudiences(caller) }, { ...query, limit, beginnings })
}

searchIndicators.report = {
  listShownEvents: ({ result: { items } }) => [...new Set(items.map(({ event_id }) => event_id))],
} satisfies VerbReport<IndicatorsQuery, Items<FoundIndicator>>
