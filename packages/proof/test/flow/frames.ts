import type { Fixture } from '@engineer-chat/proof'
import type { ServerFrame } from '@engineer-chat/protocol'

/** Returns a predicate that is true for the frames of this row. */
export const isRowWithId = (message_id: string) => (frame: ServerFrame) =>
  frame.type === 'message' && frame.message.message_id === message_id

/** Returns a predicate that is true for the frame of a row with this text. */
export const isRowWithText = (text: string) => (frame: ServerFrame) =>
  frame.type === 'message' && frame.message.message_content.content === text

/** Posts a message to the room. A socket that has received it has also received all frames that were sent before. */
export function postEndMarker({ agent, getApiUrl }: Fixture, event_id: string) {
  return agent.call(getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, {
    message_from: '_captain',
    message_type: 'system_notification',
    message_content: 'end marker',
  })
}
