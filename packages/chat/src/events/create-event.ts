import type { CreateEvent, Event } from '@engineer-chat/protocol'
import { createId, describeAct, listResultEvent, type Principal, type VerbReport } from '../shared/index.ts'
import { toNewEventFields } from './event-fields.ts'
import type { EventStore } from './event-store.ts'
import { createTextCheck } from './event-text.ts'

/**
 * Opens an event. A person who opens an event becomes its commander.
 * @throws ChatError event_exists, validation_failed
 */
export async function createEvent(ctx: { events: EventStore }, caller: Principal, input: CreateEvent): Promise<Event> {
  return ctx.events.create({
    ...toNewEventFields(createTextCheck(caller), input),
    event_id: input.event_id ?? createId(),
    created_by: caller.user_id,
  })
}

createEvent.report = {
  listShownEvents: listResultEvent,
  audit: ({ result }) => [describeAct('event_created', result)],
  log: ({ caller: { user_id }, result: { event_id } }) => ({
    event: 'EngineerChat.event_created',
    fields: { user_id, event_id },
  }),
} satisfies VerbReport<CreateEvent, Event>
