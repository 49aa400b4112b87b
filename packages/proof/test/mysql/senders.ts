import { createEventAs, type Fixture, type TestUser, waitUntil } from '@engineer-chat/proof'
import type { SendResult } from '@engineer-chat/protocol'
import type { RowDataPacket } from 'mysql2'
import { type Connection, createConnection } from 'mysql2/promise'
import type { Test } from 'tap'

/** With this limit no sender reaches the last round of its session. */
export const MANY_ROUNDS = { ENGINEER_CHAT_MAX_ROUNDS: '1000' }
const SENDER_COUNT = 4
/** A response with one of these words would tell users about the database. */
const INTERNAL_WORDS = /mysql|maria|\bER_|errno|127\.0\.0\.1|read.only|table|deadlock|SQLSTATE/i

export type Senders = Awaited<ReturnType<typeof startSenders>>

/**
 * Starts senders that use all API nodes, each in its own room. A sender repeats a question with the same key until it
 * is accepted, then goes on with the next question, until `stop`. All keys begin with `keyPrefix`, so each call
 * needs a different prefix. `padding` makes the questions larger.
 */
export async function startSenders(fixture: Fixture, keyPrefix: string, padding = '') {
  const { alice, bob, getApiUrl, product } = fixture
  const accepted = new Map<string, SendResult>()
  const refusals: Array<{ elapsedMs: number }> = []
  const storedTwice: string[] = []
  let isRunning = true

  /** Returns undefined if the question is refused with 503. */
  const send = async (user: TestUser, event_id: string, senderIndex: number, key: string) => {
    const startedAtMs = performance.now()
    const url = getApiUrl(senderIndex % product.apis.length)
    const response = await user.ask(url, event_id, `question ${key} ${padding}`, { client_message_id: key })
    if (response.status === 200) return response.body
    if (response.status !== 503 || INTERNAL_WORDS.test(response.text))
      throw new Error(`${key}: ${response.status} ${response.text}`)
    refusals.push({ elapsedMs: performance.now() - startedAtMs })
    return undefined
  }
  const sendUntilStopped = async (senderIndex: number) => {
    const user = senderIndex % 2 === 0 ? alice : bob
    const event_id = await createEventAs(getApiUrl(0), user)
    for (let i = 0; isRunning; i++) {
      const key = `${keyPrefix}-${senderIndex}-${i}`
      const result = await waitUntil(`${key} is accepted`, () => send(user, event_id, senderIndex, key), 90_000)
      accepted.set(key, result)
      const repeated = await send(user, event_id, senderIndex, key)
      if (repeated && repeated.user_message.message_id !== result.user_message.message_id) storedTwice.push(key)
    }
  }
  const ended = Promise.all(Array.from({ length: SENDER_COUNT }, (_, senderIndex) => sendUntilStopped(senderIndex)))
  ended.catch(() => {}) // `stop` throws the error.
  /** Waits until `getCount` has grown by `count`, and throws the error if a sender fails before that. */
  const waitForGrowth = async (getCount: () => number, count: number, description: string) => {
    const target = getCount() + count
    await Promise.race([waitUntil(`${target} ${description}`, () => getCount() >= target, 60_000), ended])
  }
  return {
    keyPrefix,
    accepted,
    refusals,
    storedTwice,
    waitForMoreAccepted: (count: number) => waitForGrowth(() => accepted.size, count, 'accepted questions'),
    waitForRefusals: (count: number) => waitForGrowth(() => refusals.length, count, 'refusals'),
    async stop() {
      isRunning = false
      await ended
    },
  }
}

/**
 * Stops the senders, and proves by the rows in MySQL that exactly the accepted questions are stored, that each is
 * stored once and has one answer, and that no sequence number is missing.
 */
export async function proveAcceptedQuestions(
  t: Test,
  { product }: Fixture,
  senders: Senders,
  databaseUrl = product.mysql.url,
): Promise<void> {
  await senders.stop()
  const connection = await createConnection(databaseUrl)
  await waitUntil('every reply has ended', async () => (await countUnfinished(connection)) === 0, 60_000)
  t.same(
    await listQuestions(connection, senders.keyPrefix),
    [...senders.accepted].map(toExpectedQuestion).toSorted(compareKeys),
  )
  t.same(senders.storedTwice, [], 'a key that is sent again is answered with the same question')
  await proveSequences(t, connection)
  await connection.end()
  t.comment(`${senders.accepted.size} accepted, ${senders.refusals.length} refused`)
}

async function countUnfinished(connection: Connection): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>("SELECT 1 FROM messages WHERE message_type = 'thinking'")
  return rows.length
}

const toExpectedQuestion = ([key, { user_message, ai_message }]: [string, SendResult]) => ({
  key,
  question: user_message.message_id,
  replies: 1,
  reply: ai_message.message_id,
  type: 'chat',
})

const compareKeys = (a: { key: string }, b: { key: string }): number => (a.key < b.key ? -1 : 1)

/**
 * Lists the stored questions of these senders, with the counts of their replies. A question that is stored twice occurs
 * twice.
 */
async function listQuestions(connection: Connection, keyPrefix: string) {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT question.client_message_id AS \`key\`, question.message_id AS question, COUNT(reply.message_id) AS replies,
       MIN(reply.message_id) AS reply, MIN(reply.message_type) AS type
     FROM messages question LEFT JOIN messages reply ON reply.reply_to = question.message_id
     WHERE question.client_message_id LIKE ? GROUP BY question.client_message_id, question.message_id`,
    [`${keyPrefix}-%`],
  )
  return rows
    .map(({ key, question, replies, reply, type }) => ({ key, question, replies, reply, type }))
    .toSorted(compareKeys)
}

/**
 * Proves that the sequence numbers of each room have no gap. Every row takes one number as its position. A reply takes
 * another number when it ends. The end is the only change of each of these replies.
 */
async function proveSequences(t: Test, connection: Connection): Promise<void> {
  const [events] = await connection.query<RowDataPacket[]>('SELECT event_id, seq FROM events')
  for (const { event_id, seq } of events) {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT position, seq FROM messages WHERE event_id = ?', [
      event_id,
    ])
    const usedNumbers = new Set(rows.flatMap((row) => [row.position, row.seq]))
    t.equal(usedNumbers.size, seq, `the room's ${seq} numbers have no gap`)
    t.equal(new Set(rows.map((row) => row.position)).size, rows.length, 'no position was given twice')
  }
}
