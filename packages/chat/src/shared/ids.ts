import { hash, randomBytes, randomUUID, randomUUIDv7 } from 'node:crypto'

export const createId = (): string => randomUUIDv7()

/** Returns `chat_{first 8 hex of md5(event_id + "_" + user_id)}_{8 random hex}`, as the specification requires. */
export function createSessionId(event_id: string, user_id: string): string {
  const owner = hash('md5', `${event_id}_${user_id}`).slice(0, 8)
  // Node takes a UUID from a pool of random bytes; reading 4 random bytes would cost a system call each time.
  return `chat_${owner}_${randomUUID().slice(0, 8)}`
}

export const sha256 = (text: string): string => hash('sha256', text)

/** Creates 256 random bits that nobody can guess. */
export const createToken = (): string => randomBytes(32).toString('base64url')
