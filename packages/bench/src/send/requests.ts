import { randomBytes } from 'node:crypto'
import type { SignedInUser } from '../database/bulk-database.ts'

/** Each asker asks in at most this number of rooms. */
const MAX_ROOMS_PER_ASKER = 4
const TEXT = 'What should we contain first? '.repeat(4)

/**
 * Creates the requests that send questions of all askers in turn. In this way no session has two waiting replies, so
 * each question adds a job to the queue. Each question has a separate idempotency key. `createText` gets the number of
 * the question, from 1.
 */
export function createQuestions(
  askers: SignedInUser[],
  rooms: string[],
  createText: (index: number) => string = () => TEXT,
): { createRequest(): string; pairs: Pair[] } {
  const pairs = createPairs(askers, rooms)
  const keyPrefix = randomBytes(6).toString('hex')
  let created = 0
  return {
    pairs,
    createRequest() {
      const pair = pairs[created % pairs.length]
      if (!pair) throw new Error('There is no asker.')
      created += 1
      const fields = {
        event_id: pair.event_id,
        message: createText(created),
        client_message_id: `${keyPrefix}-${created}`,
      }
      return createPostRequest('/api/engineer-chat/send', pair.token, JSON.stringify(fields))
    },
  }
}

/** Holds an asker and an event in which they ask. */
interface Pair extends SignedInUser {
  event_id: string
}

function createPairs(askers: SignedInUser[], rooms: string[]): Pair[] {
  const roomsPerAsker = Math.max(1, Math.min(MAX_ROOMS_PER_ASKER, rooms.length))
  return Array.from({ length: roomsPerAsker }, (_, round) =>
    askers.flatMap((asker, index) => {
      const event_id = rooms[(index + round) % rooms.length]
      return event_id === undefined ? [] : { ...asker, event_id }
    }),
  ).flat()
}

const createPostRequest = (path: string, token: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${token}\r\n` +
  `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
