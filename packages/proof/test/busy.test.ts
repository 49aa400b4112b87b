import { createEngineers, type Fixture, startFixture } from '@engineer-chat/proof'
import type { Message } from '@engineer-chat/protocol'
import t from 'tap'

const ENGINEERS = 60
const AT_ONCE = 10
const ANSWER_MS = 1_000

/** Lets everybody ask at the same time, and waits for all replies. */
async function askTogether(room: Fixture): Promise<{ replies: Message[]; waitsMs: number[] }> {
  const engineers = await createEngineers(room.product, room.getApiUrl(0), ENGINEERS)
  room.model.limit(AT_ONCE, ANSWER_MS)
  const startedAtMs = performance.now()
  const waitsMs: number[] = []
  const replies = await Promise.all(
    engineers.map(async (engineer, number) => {
      const sent = await engineer.ask(room.getApiUrl(number % 2), room.event_id, `question ${number}`)
      if (sent.status !== 200) throw new Error(`${sent.status} ${sent.text}`)
      const reply = await engineer.waitForReply(room.getApiUrl(number % 2), sent.body, 120_000)
      waitsMs.push(performance.now() - startedAtMs)
      return reply
    }),
  )
  return { replies, waitsMs }
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
    t.equal(room.model.mostAtOnce, AT_ONCE)
    t.comment(`the last one after ${Math.round(Math.max(...waitsMs))} ms, ${room.model.refused} refusals`)
  })
})
