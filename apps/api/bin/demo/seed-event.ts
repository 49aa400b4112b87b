import { addSummary, createEvent, updateEvent } from '@engineer-chat/chat/events'
import { postMessage } from '@engineer-chat/chat/rooms'
import type { Stores } from '@engineer-chat/chat/stores'
import type { CreateEvent, CreateSummary, EventStatus, PostAgentMessage } from '@engineer-chat/protocol'

/** Something that happens in a demo event. */
export type Step =
  | { type: 'agent'; post: PostAgentMessage }
  | { type: 'person'; username: string; message: string }
  | { type: 'summary'; summary: CreateSummary }

export interface DemoEvent {
  event: CreateEvent & { event_id: string }
  /**
   * The event gets this status after the last step. Without it, the next start continues with the steps that are
   * missing.
   */
  status: EventStatus
  steps: Step[]
}

/** No node runs yet, so nobody needs a hint. */
const NO_HINTS = {
  bus: { publish() {}, publishRightsChange() {}, publishCancel() {} },
  queue: { add() {} },
}

/** Writes a demo event by the verbs that agents and people use. What an earlier start has written is left as it is. */
export async function seedEvent(stores: Stores, ids: Map<string, string>, demo: DemoEvent): Promise<void> {
  const ctx = { ...stores, ...NO_HINTS }
  const captain = { user_id: ids.get('captain') ?? '', role: 'agent' } as const
  const { event_id } = demo.event
  const event = (await stores.events.find(event_id)) ?? (await createEvent(ctx, captain, demo.event))
  if (event.event_status !== 'pending') return

  const done = await countWritten(stores, event_id)
  for (const step of demo.steps) {
    if (step.type === 'summary') {
      if (done.summaries-- > 0) continue
      await addSummary(ctx, captain, { event_id, ...step.summary })
    } else {
      if (done.messages-- > 0) continue
      if (step.type === 'agent') await postMessage(ctx, captain, { event_id, ...step.post })
      else await postMessage(ctx, person(ids, step.username), { event_id, message: step.message })
    }
  }
  await updateEvent(ctx, captain, { event_id, changes: { event_status: demo.status } })
}

const person = (ids: Map<string, string>, username: string) => ({
  user_id: ids.get(username) ?? '',
  role: 'engineer' as const,
})

/** Counts what an interrupted start has written. */
async function countWritten(stores: Stores, event_id: string): Promise<{ messages: number; summaries: number }> {
  const [page, summaries] = await Promise.all([
    stores.timeline.readPage(event_id, ['all'], { limit: 100 }),
    stores.events.listSummaries(event_id, { limit: 100 }),
  ])
  return { messages: page.rows.length, summaries: summaries.items.length }
}
