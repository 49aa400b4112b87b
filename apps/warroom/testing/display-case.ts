/** A text that was shown wrong once, and what has to be seen of it. */
export interface DisplayCase {
  name: string
  written_by: 'ai' | 'agent' | 'person' | 'object'
  text: string | object
  must_be_seen: string[]
  must_not_be_seen?: string[]
}
