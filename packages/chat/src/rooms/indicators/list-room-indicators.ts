import { refang } from '@engineer-chat/markdown'
import { IndicatorType, type RoomIndicator, type RoomIndicatorsQuery } from '@engineer-chat/protocol'
import { listAudiences, type RightsLookup, requireRights } from '../../people/index.ts'
import { type Items, listInputEvent, type Principal, type VerbReport } from '../../shared/index.ts'
import { toValueHash } from './indicator-rules.ts'
import type { IndicatorStore } from './indicator-store.ts'

type Input = RoomIndicatorsQuery & { event_id: string }

/**
 * Lists the indicators of the messages that the caller may read. The field `events` of an indicator counts the events
 * that have it. It names none of them, so the audit does not count them as shown to the caller.
 * @throws ChatError event_not_found
 */
export async function listRoomIndicators(
  ctx: { rights: RightsLookup; indicators: IndicatorStore },
  caller: Principal,
  { event_id, value, q, limit = 100, ...query }: Input,
): Promise<Items<RoomIndicator>> {
  await requireRights(ctx, caller, event_id)
  return ctx.indicators.list({ caller, audiences: listAudiences(caller) }, event_id, {
    ...query,
    limit,
    ...(q !== undefined && { q: refang(q.trim()) }),
    ...(value !== undefined && { value_hashes: IndicatorType.enum.map((type) => toValueHash(type, value)) }),
  })
}

listRoomIndicators.report = { listShownEvents: listInputEvent } satisfies VerbReport<Input, Items<RoomIndicator>>
