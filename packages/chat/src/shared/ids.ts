import { hash, randomBytes, randomUUID, randomUUIDv7 } from 'node:crypto'

export const createId = (): string => randomUUIDv7()

/** `chat_{first 8 hex of md5(event_id + "_" + user_id)}_{8 random hex}`, as the specification has it. */
export function createSessionId(event_id: string, user_id: string): string {
  const owner = hash('md5', `${event_id}_${user_id}`).slice(0, 8)
  return `chat_${owner}_${randomUUID().slice(0, 8)}` // from a pool of random bytes; a few at a time cost a call each
}

export const sha256 = (text: string): string => hash('sha256', text)

/** Creates 256 random bits that nobody can guess. */
export const createToken = (): string => randomBytes(32).toString('base64url')
