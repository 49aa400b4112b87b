/** Describes a text that an earlier version showed wrongly, and the parts of it that a reader must see. */
export interface DisplayCase {
  name: string
  /** `object` is an agent's message whose content is JSON instead of text. */
  written_by: 'ai' | 'agent' | 'person' | 'object'
  text: string | object
  must_be_seen: string[]
  must_not_be_seen?: string[]
}
