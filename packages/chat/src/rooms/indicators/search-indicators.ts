import { refang } from '@engineer-chat/markdown'
import type { FoundIndicator, IndicatorsQuery } from '@engineer-chat/protocol'
import { listAudiences } from '../../people/index.ts'
import type { Items, Principal, VerbReport } from '../../shared/index.ts'
import type { IndicatorStore } from './indicator-store.ts'

/**
 * Finds indicators in all rooms that the caller may enter. `q` is the beginning of an indicator's value or of its host,
 * and may be defanged. An agent finds only the indicators of rows that agents may read.
 */
export function searchIndicators(
  ctx: { indicators: IndicatorStore },
  caller: Principal,
  { q, limit = 20, cursor }: IndicatorsQuery,
): Promise<Items<FoundIndicator>> {
  const text = refang(q.trim())
  // The store compares letters with their case. Hosts and hashes are stored in lower case, the ids of CVE and ATT&CK in
  // upper case, and a URL as it was written. So all three spellings are searched for.
  const beginnings = [...new Set([text, text.toLowerCase(), text.toUpperCase()])]
  return ctx.indicators.search({ caller, audiences: listAudiences(caller) }, { cursor, limit, beginnings })
}

searchIndicators.report = {
  listShownEvents: ({ result: { items } }) => [...new Set(items.map(({ event_id }) => event_id))],
} satisfies VerbReport<IndicatorsQuery, Items<FoundIndicator>>
