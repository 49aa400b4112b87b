import { type Fixture, openEvent, type TestUser, waitUntil } from '@engineer-chat/proof'
import type { SendResult } from '@engineer-chat/protocol'
import type { RowDataPacket } from 'mysql2'
import { type Connection, createConnection } from 'mysql2/promise'
import type { Test } from 'tap'

/** A session is asked for so long that no sender reaches its end. */
export const ROUNDS = { ENGINEER_CHAT_MAX_ROUNDS: '1000' }
const SENDERS = 4
/** A response that says one of these would tell users of the database. */
const INTERNAL = /mysql|maria|\bER_|errno|127\.0\.0\.1|read.only|table|deadlock|SQLSTATE/i

export type Senders = Awaited<ReturnType<typeof startSenders>>

/**
 * Starts senders, each in a room of its own, over all API nodes. Each asks a question under one key until it is accepted,
 * and then the next one, until `stop`. The keys begin with `name`, which no other senders of the fixture
 * have, and `padding` makes the questions larger.
 */
export async function startSenders(fixture: Fixture, name: string, padding = '') {
  const { alice, bob, getApiUrl, product } = fixture
  const accepted = new Map<string, SendResult>()
  const refusals: Array<{ elapsedMs: number }> = []
  const twice: string[] = []
  let isRunning = true

  const send = async (user: TestUser, event_id: string, sender: number, key: string) => {
    const startedAtMs = performance.now()
    const url = getApiUrl(sender % product.apis.length)
    const answer = await user.ask(url, event_id, `question ${key} ${padding}`, { client_message_id: key })
    if (answer.status === 200) return answer.body
    if (answer.status !== 503 || INTERNAL.test(answer.text)) throw new Error(`${key}: ${answer.status} ${answer.text}`)
    refusals.push({ elapsedMs: performance.now() - startedAtMs })
    return undefined
  }
  const run = async (sender: number) => {
    const user = sender % 2 === 0 ? alice : bob
    const event_id = await openEvent(getApiUrl(0), user)
    for (let i = 0; isRunning; i++) {
      const key = `${name}-${sender}-${i}`
      const result = await waitUntil(`${key} is accepted`, () => send(user, event_id, sender, key), 90_000)
      accepted.set(key, result)
      const again = await send(user, event_id, sender, key)
      if (again && again.user_message.message_id !== result.user_message.message_id) twice.push(key)
    }
  }
  const running = Array.from({ length: SENDERS }, (_, sender) => run(sender))
  const ended = Promise.all(running)
  ended.catch(() => {}) // `stop` throws it.
  const waitFor = async (list: { size: number } | { length: number }, count: number, what: string) => {
    const getCount = () => ('size' in list ? list.size : list.length)
    const target = getCount() + count
    await Promise.race([waitUntil(`${target} ${what}`, () => getCount() >= target, 60_000), ended])
  }
  return {
    name,
    accepted,
    refusals,
    twice,
    waitForMore: (count: number) => waitFor(accepted, count, 'accepted questions'),
    waitForRefusals: (count: number) => waitFor(refusals, count, 'refusals'),
    async stop() {
      isRunning = false
      await ended
    },
  }
}

/** Stops the senders, each of whose refusals was a 503 without a word on the database, and proves the promises by what is stored. */
export async function provePromises(
  t: Test,
  { product }: Fixture,
  senders: Senders,
  databaseUrl = product.mysql.url,
): Promise<void> {
  await senders.stop()
  const connection = await createConnection(databaseUrl)
  await waitUntil('every reply has ended', async () => (await countUnfinished(connection)) === 0, 60_000)
  t.same(
    await listQuestions(connection, senders.name),
    [...senders.accepted].map(toExpectedQuestion).toSorted(compareKeys),
  )
  t.same(senders.twice, [], 'a key that is sent again is answered with the same question')
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

/** Lists every stored question with the count of its replies. One that was stored twice is there twice. */
async function listQuestions(connection: Connection, name: string) {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT question.client_message_id AS \`key\`, question.message_id AS question, COUNT(reply.message_id) AS replies,
       MIN(reply.message_id) AS reply, MIN(reply.message_type) AS type
     FROM messages question LEFT JOIN messages reply ON reply.reply_to = question.message_id
     WHERE question.client_message_id LIKE ? GROUP BY question.client_message_id, question.message_id`,
    [`${name}-%`],
  )
  return rows
    .map(({ key, question, replies, reply, type }) => ({ key, question, replies, reply, type }))
    .toSorted(compareKeys)
}

/** Each number of a room was given once: as the place of a row, or as the number of its last change. */
async function proveSequences(t: Test, connection: Connection): Promise<void> {
  const [events] = await connection.query<RowDataPacket[]>('SELECT event_id, seq FROM events')
  for (const { event_id, seq } of events) {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT position, seq FROM messages WHERE event_id = ?', [
      event_id,
    ])
    const given = new Set(rows.flatMap((row) => [row.position, row.seq]))
    t.equal(given.size, seq, `the room's ${seq} numbers have no gap`)
    t.equal(new Set(rows.map((row) => row.position)).size, rows.length, 'no place was given twice')
  }
}
