import type { UpdateEvent } from '@engineer-chat/protocol'
import type { EventChange } from '../shared/index.ts'

/** What is kept of a change: the new value where it is a word or a name; that a longer text was rewritten, without the text. */
export function listChangedFields({
  event_name,
  severity,
  event_status,
  access,
  message,
  context,
}: UpdateEvent): EventChange['changed'] {
  return {
    ...(event_name !== undefined && { event_name }),
    ...(severity !== undefined && { severity }),
    ...(event_status !== undefined && { event_status }),
    ...(access !== undefined && { access }),
    ...(message !== undefined && { message: null }),
    ...(context !== undefined && { context: null }),
  }
}
