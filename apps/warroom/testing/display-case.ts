/** Describes a text that was once shown wrong, and which of its parts a reader has to see. */
export interface DisplayCase {
  name: string
  written_by: 'ai' | 'agent' | 'person' | 'object'
  text: string | object
  must_be_seen: string[]
  must_not_be_seen?: string[]
}
