/** Every name that this adapter uses in Redis, below one namespace. */
export interface Keys {
  room(event_id: string): string
  rights: string
  cancel: string
  /** How often something was done in a window of time. */
  count(key: string): string
  /** What was read of an event, as JSON. */
  facts(event_id: string): string
  /** Which attempts of a reply have a text: a hash with a field for each. In one slot with their pieces: lost together. */
  attempts(message_id: string): string
  /** The pieces of one attempt, as a list. */
  pieces(message_id: string, attempt: number): string
}

export function createKeys(namespace: string): Keys {
  return {
    room: (event_id) => `${namespace}:room:${event_id}`,
    rights: `${namespace}:rights`,
    cancel: `${namespace}:cancel`,
    count: (key) => `${namespace}:count:${key}`,
    facts: (event_id) => `${namespace}:facts:${event_id}`,
    attempts: (message_id) => `${namespace}:live:{${message_id}}`,
    pieces: (message_id, attempt) => `${namespace}:live:{${message_id}}:${attempt}`,
  }
}
