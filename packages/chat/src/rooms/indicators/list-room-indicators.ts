import { refang } from '@engineer-chat/markdown'
import { IndicatorType, type RoomIndicator, type RoomIndicatorsQuery } from '@engineer-chat/protocol'
import { listAudiences, type RightsLookup, requireRights } from '../../people/index.ts'
import { type Items, listInputEvent, type Principal, type VerbReport } from '../../shared/index.ts'
import { toValueHash } from './indicator-rules.ts'
import type { IndicatorStore } from './indicator-store.ts'

type Input = RoomIndicatorsQuery & { event_id: string }

/**
 * Lists the indicators of the event's report and of the messages that the caller may read. The field `events` is only
 * the number of events with an indicator. It does not name the events, so the audit does not list them as shown.
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
    // A hash depends on the type, which the query need not say. So `value` is looked up with every type.
    ...(value !== undefined && { value_hashes: IndicatorType.enum.map((type) => toValueHash(type, value)) }),
  })
}

listRoomIndicators.report = { listShownEvents: listInputEvent } satisfies VerbReport<Input, Items<RoomIndicator>>
