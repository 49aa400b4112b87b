import type { CreateEvent, Event } from '@engineer-chat/protocol'
import { createId, describeAct, type Principal, type VerbReport } from '../shared/index.ts'
import type { EventStore } from './event-store.ts'
import { createTextCheck } from './event-text.ts'

/** Opens an incident. The creator of a restricted one becomes its commander. @throws ChatError event_exists */
export async function createEvent(ctx: { events: EventStore }, caller: Principal, input: CreateEvent): Promise<Event> {
  const text = createTextCheck(caller)
  return ctx.events.create({
    event_id: input.event_id ?? createId(),
    event_name: text(input.event_name, '/event_name'),
    message: text(input.message, '/message'),
    context: text(input.context ?? '', '/context'),
    severity: input.severity,
    source: text(input.source, '/source'),
    access: input.access ?? 'open',
    created_by: caller.user_id,
  })
}

createEvent.report = {
  audit: ({ result }) => [describeAct('event_created', result)],
  log: ({ caller: { user_id }, result: { event_id } }) => ({
    event: 'EngineerChat.event_created',
    fields: { user_id, event_id },
  }),
} satisfies VerbReport<CreateEvent, Event>
