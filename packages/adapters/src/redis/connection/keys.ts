/** Names every key and channel that this adapter uses in Redis, within one namespace. */
export interface Keys {
  room(event_id: string): string
  rights: string
  cancel: string
  /** Holds the id of the installation that uses this Redis. */
  installation: string
  /** Counts requests in a window of time, for rate limits. */
  count(key: string): string
  /** Holds the facts of an event as JSON. */
  facts(event_id: string): string
  /**
   * Holds the attempts of a reply that have a text, as a hash with one field for each. It shares a slot with the lists
   * of their pieces, so that an outage of one node never loses only one of the two.
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
