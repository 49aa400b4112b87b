import { addSummary, createEvent, updateEvent } from '@engineer-chat/chat/events'
import { postMessage } from '@engineer-chat/chat/rooms'
import type { Stores } from '@engineer-chat/chat/stores'
import type { CreateEvent, CreateSummary, EventStatus, PostAgentMessage } from '@engineer-chat/protocol'

/** Describes something that an agent or a person does in a demo event. */
export type DemoStep =
  | { type: 'agent'; post: PostAgentMessage }
  | { type: 'person'; username: string; message: string }
  | { type: 'summary'; summary: CreateSummary }

export interface DemoEvent {
  event: CreateEvent & { event_id: string }
  /**
   * The event gets this status after the last step. Until then its status is `pending`. If a start is interrupted, the
   * next one finds `pending` and writes the missing steps.
   */
  status: EventStatus
  steps: DemoStep[]
}

/** No node runs yet, so hints are not needed. */
const NO_HINTS = {
  bus: { publish() {}, publishRightsChange() {}, publishCancel() {} },
  queue: { add() {} },
}

/** Writes a demo event with the verbs that agents and people use. It does not change the rows of an earlier start. */
export async function seedEvent(stores: Stores, userIds: Map<string, string>, demo: DemoEvent): Promise<void> {
  const ctx = { ...stores, ...NO_HINTS }
  const captain = { user_id: userIds.get('captain') ?? '', role: 'agent' } as const
  const { event_id } = demo.event
  const event = (await stores.events.find(event_id)) ?? (await createEvent(ctx, captain, demo.event))
  if (event.event_status !== 'pending') return

  const stepsToSkip = await countWritten(stores, event_id)
  for (const step of demo.steps) {
    if (step.type === 'summary') {
      if (stepsToSkip.summaries > 0) stepsToSkip.summaries -= 1
      else await addSummary(ctx, captain, { event_id, ...step.summary })
    } else if (stepsToSkip.messages > 0) stepsToSkip.messages -= 1
    else if (step.type === 'agent') await postMessage(ctx, captain, { event_id, ...step.post })
    else await postMessage(ctx, toEngineer(userIds, step.username), { event_id, message: step.message })
  }
  await updateEvent(ctx, captain, { event_id, changes: { event_status: demo.status } })
}

const toEngineer = (userIds: Map<string, string>, username: string) => ({
  user_id: userIds.get(username) ?? '',
  role: 'engineer' as const,
})

/** Counts the messages and summaries that an interrupted start has written. No demo event has 100 of either. */
async function countWritten(stores: Stores, event_id: string): Promise<{ messages: number; summaries: number }> {
  const [page, summaries] = await Promise.all([
    stores.timeline.readPage(event_id, ['all'], { limit: 100 }),
    stores.events.listSummaries(event_id, { limit: 100 }),
  ])
  return { messages: page.rows.length, summaries: summaries.items.length }
}
