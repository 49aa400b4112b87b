import type { Message, PinsQuery } from '@engineer-chat/protocol'
import { listAudiences, type RightsLookup, requireRights } from '../people/index.ts'
import { type Items, listInputEvent, type Principal, type VerbReport } from '../shared/index.ts'
import { addIndicators } from './indicators/add-indicators.ts'
import type { PinStore } from './pin-store.ts'

/**
 * Lists the pinned messages that the caller can see, sorted by position. The cursor is the position of the last message
 * of the page before. No message has position 0, so `0` begins the first page.
 * @throws ChatError event_not_found
 */
export async function listPins(
  ctx: { rights: RightsLookup; pins: PinStore },
  caller: Principal,
  { event_id, cursor = '0', limit = 50 }: PinsQuery & { event_id: string },
): Promise<Items<Message>> {
  await requireRights(ctx, caller, event_id)
  const { rows, has_more } = await ctx.pins.list(event_id, listAudiences(caller), { after: Number(cursor), limit })
  const items = rows.map(({ message }) => addIndicators(message))
  return { items, next_cursor: has_more ? String(items.at(-1)?.position) : null }
}

listPins.report = { listShownEvents: listInputEvent } satisfies VerbReport<
  PinsQuery & { event_id: string },
  Items<Message>
>
