/** Names every key and channel that this adapter uses in Redis, within one namespace. */
export interface Keys {
  /** Carries the hints of a room. */
  roomChannel(event_id: string): string
  /** Announces that rights have changed, without saying whose. */
  rightsChannel: string
  /** Carries the id of a reply that its worker has to cancel. */
  cancelChannel: string
  /** Holds the id of the installation that owns this Redis. */
  owner: string
  /** Counts requests in a window of time, for rate limits. */
  rateCount(key: string): string
  /** Holds the facts of an event as JSON. */
  eventFacts(event_id: string): string
  /**
   * Holds the attempts of a reply that have a text, as a hash with one field for each. In a cluster this hash and the
   * lists of deltas share a slot, so that an outage of one node never loses only one of them.
   */
  replyAttempts(message_id: string): string
  /** Holds the deltas of one attempt, as a list. */
  deltas(message_id: string, attempt: number): string
  /** Holds the signatures of the deltas of one attempt, as a list. */
  deltaSignatures(message_id: string, attempt: number): string
}

export function createKeys(namespace: string): Keys {
  return {
    roomChannel: (event_id) => `${namespace}:room:${event_id}`,
    rightsChannel: `${namespace}:rights`,
    cancelChannel: `${namespace}:cancel`,
    owner: `${namespace}:installation`,
    rateCount: (key) => `${namespace}:count:${key}`,
    eventFacts: (event_id) => `${namespace}:facts:${event_id}`,
    replyAttempts: (message_id) => `${namespace}:live:{${message_id}}`,
    deltas: (message_id, attempt) => `${namespace}:live:{${message_id}}:${attempt}`,
    deltaSignatures: (message_id, attempt) => `${namespace}:live:{${message_id}}:${attempt}:mac`,
  }
}
