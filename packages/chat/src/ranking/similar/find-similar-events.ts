import type { SimilarEvent, SimilarEventsQuery } from '@engineer-chat/protocol'
import { listAudiences, type RightsLookup, requireRights } from '../../people/index.ts'
import type { Items, Principal, VerbReport } from '../../shared/index.ts'
import { rankSimilar } from './rank-similar.ts'
import type { SimilarEventsLookup } from './similar-events.ts'

type Input = SimilarEventsQuery & { event_id: string }

/**
 * Finds the events that are similar to the event of the input: first those that share indicators with it, then those
 * whose texts are similar. It finds only events that the caller may enter, and compares only indicators that the caller
 * may read. The list has no further pages.
 * @throws ChatError event_not_found
 */
export async function findSimilarEvents(
  ctx: { rights: RightsLookup; similarEvents: SimilarEventsLookup },
  caller: Principal,
  { event_id, limit = 5 }: Input,
): Promise<Items<SimilarEvent>> {
  await requireRights(ctx, caller, event_id)
  const similarities = await ctx.similarEvents.findSimilarities({ caller, audiences: listAudiences(caller) }, event_id)
  return { items: rankSimilar(similarities, limit), next_cursor: null }
}

findSimilarEvents.report = {
  listShownEvents: ({ input, result: { items } }) => [input.event_id, ...items.map(({ event_id }) => event_id)],
} satisfies VerbReport<Input, Items<SimilarEvent>>
