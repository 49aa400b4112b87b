import type { Event } from '@engineer-chat/protocol'

/** Names the fields that can be changed in the event's header. An undo restores the earlier value of such a field. */
export type HeaderField = 'event_name' | 'severity' | 'event_status' | 'tlp' | 'access'

/** Describes the change of one of these fields to a new value. */
export type HeaderChange = { [Field in HeaderField]: { field: Field; to: Event[Field] } }[HeaderField]
