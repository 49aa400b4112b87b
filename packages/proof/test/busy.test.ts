import { createEngineers, type Fixture, openEvent, startFixture, type TestUser, waitUntil } from '@engineer-chat/proof'
import type { ChatStatus, Message, WaitingReply } from '@engineer-chat/protocol'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import t, { type Test } from 'tap'

const ENGINEERS = 60
const AT_ONCE = 10
const ANSWER_MS = 1_000

/** Lets everybody ask at the same time, and waits for all replies. */
async function askTogether(
  { product, model, event_id, getApiUrl }: Fixture,
  whileOthersWait: (engineers: TestUser[]) => Promise<void> = async () => {},
): Promise<{ replies: Message[]; waitsMs: number[] }> {
  const engineers = await createEngineers(product, getApiUrl(0), ENGINEERS)
  model.limit(AT_ONCE, ANSWER_MS)
  const asked = await Promise.all(
    engineers.map((engineer, number) => engineer.ask(getApiUrl(number % 2), event_id, `question ${number}`)),
  )
  await waitUntilAnswered(product, ENGINEERS - 2 * AT_ONCE)
  await whileOthersWait(engineers)
  await waitUntilAnswered(product)
  const replies = await Promise.all(
    engineers.map((engineer, number) => {
      const sent = asked[number]
      if (sent?.status !== 200) throw new Error(`${sent?.status} ${sent?.text}`)
      return engineer.waitForReply(getApiUrl(0), sent.body)
    }),
  )
  const waitsMs = replies.map(({ created_at, updated_at }) => Date.parse(updated_at) - Date.parse(created_at))
  return { replies, waitsMs }
}

/** Asks MySQL alone, because sixty clients that poll the API would slow down the replies that they wait for. */
async function waitUntilAnswered({ mysql }: Fixture['product'], maxUnanswered = 0): Promise<void> {
  const connection = await createConnection(mysql.url)
  const isAnswered = async () => {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT 1 FROM messages WHERE due_at IS NOT NULL')
    return rows.length <= maxUnanswered
  }
  await waitUntil(`all are answered but for ${maxUnanswered}`, isAnswered, 120_000)
  await connection.end()
}

async function readPlaces({ event_id, getApiUrl }: Fixture, engineers: TestUser[]): Promise<WaitingReply[]> {
  const statuses = await Promise.all(
    engineers.map((engineer, number) =>
      engineer.call<ChatStatus>(getApiUrl(number % 2), 'GET', `/api/engineer-chat/status?event_id=${event_id}`),
    ),
  )
  return statuses.flatMap(({ body }) => body.waiting_replies ?? [])
}

/** Compares what was expected with when the answers began. One place may be off, but not half of them. */
function provePlaces(t: Test, places: WaitingReply[], replies: Message[], askedAtMs: number): void {
  const waitedS = new Map(
    replies.map(({ message_id, updated_at }) => [message_id, (Date.parse(updated_at) - ANSWER_MS - askedAtMs) / 1_000]),
  )
  const far = places.filter(({ place }) => place > AT_ONCE)
  t.ok(far.length > AT_ONCE, `${far.length} stood further back than the next ${AT_ONCE}`)
  const ratios = far
    .map(({ message_id, expected_wait_s }) => (expected_wait_s ?? 0) / (waitedS.get(message_id) ?? 0))
    .sort((a, b) => a - b)
  const median = ratios[Math.floor(ratios.length / 2)] ?? 0
  t.ok(median > 0.5 && median < 2, `expected against true: ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')}`)
}

t.test('a model that is busy, in real processes', { timeout: 240_000 }, async (t) => {
  const room = await startFixture({ apis: 2, workers: 2 })
  t.teardown(() => room.stop())

  t.test('[BUSY5] 60 ask a model at once that takes ten: 60 are answered, and none ends as an error', async (t) => {
    const { replies, waitsMs } = await askTogether(room)
    t.equal(replies.length, ENGINEERS)
    t.same(
      replies.filter(({ message_type, message_content }) => message_type !== 'chat' || message_content.fallback),
      [],
    )
    t.ok(room.model.refused > 0, `${room.model.refused} calls were refused`)
    t.equal(room.model.peakConcurrency, AT_ONCE)
    t.comment(`the last one after ${Math.round(Math.max(...waitsMs))} ms, ${room.model.refused} refusals`)
  })
})

t.test('a model with a limit, in real processes', { timeout: 240_000 }, async (t) => {
  const env = { LLM_MAX_CONCURRENT: String(AT_ONCE), LLM_FALLBACK: '' } // The second one is what the product has.
  const room = await startFixture({ apis: 2, workers: 2, env })
  t.teardown(() => room.stop())
  const { alice, bob, model } = room

  t.test(
    '[SLOT1] [PLACE1] two workers together call it only so often at once, and who waits is told how long',
    async (t) => {
      const places = new Map<string, WaitingReply>()
      let askedAtMs = 0
      const { replies, waitsMs } = await askTogether(room, async (engineers) => {
        askedAtMs = Date.now()
        for (const reply of await readPlaces(room, engineers)) places.set(reply.message_id, reply)
      })
      provePlaces(t, [...places.values()], replies, askedAtMs)
      t.equal(replies.filter(({ message_type }) => message_type === 'chat').length, ENGINEERS)
      t.equal(model.refused, 0, 'no call came too much')
      t.equal(model.peakConcurrency, AT_ONCE)
      t.comment(`the last one after ${Math.max(...waitsMs)} ms`)
    },
  )

  t.test('[SLOT2] one person’s many questions don’t delay another’s first', async (t) => {
    const events = await Promise.all(Array.from({ length: 5 * AT_ONCE }, () => openEvent(room.getApiUrl(0), alice)))
    const asked = await Promise.all(events.map((event_id) => alice.ask(room.getApiUrl(0), event_id, 'one of many')))
    t.ok(asked.every(({ status }) => status === 200))
    const first = await bob.ask(room.getApiUrl(1), room.event_id, 'my first')
    await waitUntilAnswered(room.product)
    const bobsReply = await bob.waitForReply(room.getApiUrl(1), first.body)
    const alicesReplies = await Promise.all(asked.map(({ body }) => alice.waitForReply(room.getApiUrl(0), body)))
    t.ok([bobsReply, ...alicesReplies].every(({ message_type }) => message_type === 'chat'))
    const later = alicesReplies.filter(({ updated_at }) => updated_at > bobsReply.updated_at).length
    t.ok(later > 2 * AT_ONCE, `${later} of alice’s ${alicesReplies.length}, asked before, are answered after bob’s`)
    t.equal(model.refused, 0)
  })

  t.test('[LLM9] where the one model is down, the offline analyst gives the facts and says who failed', async (t) => {
    model.failWith('down-q', 401, 2)
    const sent = await alice.ask(room.getApiUrl(0), room.event_id, 'down-q: what should we contain?')
    const { message_type, message_content } = await alice.waitForReply(room.getApiUrl(0), sent.body)
    t.equal(message_type, 'chat')
    t.match(message_content, {
      content: /No language model could answer just now.*fake-1.*198\.51\.100\.23/s,
      finish_reason: 'fallback',
      fallback: { from: 'fake-1', code: 'llm_unauthorized' },
    })
  })
})
