import type { Event } from '@engineer-chat/protocol'

/** Names the fields that the header changes: words that an undo can set back. */
export type HeaderField = 'event_name' | 'severity' | 'event_status' | 'tlp' | 'access'

export type HeaderChange = { [Field in HeaderField]: { field: Field; to: Event[Field] } }[HeaderField]
