/** Names every key and channel that this adapter uses in Redis, within one namespace. */
export interface Keys {
  room(event_id: string): string
  rights: string
  cancel: string
  /** Holds the id of the installation that uses this Redis. */
  installation: string
  /** Counts how often something was done in a window of time. */
  count(key: string): string
  /** Holds the facts of an event as JSON. */
  facts(event_id: string): string
  /**
   * Lists the attempts of a reply that have a text: a hash with a field for each. It shares a slot with their pieces,
   * so both are lost together.
   */
  attempts(message_id: string): string
  /** Holds the pieces of one attempt, as a list. */
  pieces(message_id: string, attempt: number): string
  /** Holds the signatures of these pieces, as a list. */
  signatures(message_id: string, attempt: number): string
}

export function createKeys(namespace: string): Keys {
  return {
    room: (event_id) => `${namespace}:room:${event_id}`,
    rights: `${namespace}:rights`,
    cancel: `${namespace}:cancel`,
    installation: `${namespace}:installation`,
    count: (key) => `${namespace}:count:${key}`,
    facts: (event_id) => `${namespace}:facts:${event_id}`,
    attempts: (message_id) => `${namespace}:live:{${message_id}}`,
    pieces: (message_id, attempt) => `${namespace}:live:{${message_id}}:${attempt}`,
    signatures: (message_id, attempt) => `${namespace}:live:{${message_id}}:${attempt}:mac`,
  }
}
