import type { EventStore } from '../events/index.ts'
import { mayRead } from '../models/index.ts'
import { ChatError, type Principal } from '../shared/index.ts'
import type { Voice } from './voice.ts'

/**
 * Refuses a call if the endpoint may not get its recording or text. An endpoint that is inside may get everything. A
 * call that names no event may belong to any event that its caller may read. If the endpoint is outside, such a call is
 * refused while one of these events is TLP:RED.
 * @throws ChatError tlp_forbids_model, event_not_found
 */
export async function requireAllowedEndpoint(
  { voice, events }: { voice: Voice; events: Pick<EventStore, 'find' | 'list'> },
  caller: Principal,
  event_id: string | undefined,
): Promise<void> {
  if (mayRead(voice, 'red')) return
  if (event_id === undefined) {
    const { items } = await events.list(caller, { tlp: 'red', limit: 1 })
    if (items.length > 0)
      throw new ChatError(
        'tlp_forbids_model',
        'You take part in an event that is TLP:RED. Name the event of this call.',
      )
    return
  }
  const event = await events.find(event_id)
  if (!event) throw new ChatError('event_not_found')
  if (!mayRead(voice, event.tlp)) throw new ChatError('tlp_forbids_model')
}
