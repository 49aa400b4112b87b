import { createSeededRandom, type PlantedSecret, plantSecret } from '@engineer-chat/chat/testing'
import type { ReplyErrorCode } from '@engineer-chat/protocol'
import t, { type Test } from 'tap'
import { startFakeLlm } from './fake-llm.ts'
import { ANSWER, type Behaviour, chooseBehaviour } from './fake-llm-behaviours.ts'
import { createHttpWorker, createModel } from './http-worker.ts'

async function startProvider(t: Test, ...behaviours: Behaviour[]) {
  const fake = await startFakeLlm()
  t.teardown(() => fake.close())
  fake.script(...behaviours)
  return fake
}

t.test(
  '[SECRET1] [SECRET9] a thousand seeded secrets: none in what the provider recorded, nor in log, queue or records',
  async (t) => {
    const echo = { pieces: ['Rotate [[KE', 'Y-1]] and [[PASS', 'WORD-1]].'] }
    const fake = await startProvider(t, ...Array.from({ length: 50 }, () => echo))
    const { stores, hints, lines, openEvent, answerTo } = createHttpWorker([createModel('m', fake.url)])
    const random = createSeededRandom(1_122)
    const secrets: PlantedSecret[] = []
    const createText = (count: number): string => {
      const planted = Array.from({ length: count }, () => plantSecret(random))
      secrets.push(...planted)
      return planted.map(({ line }) => line).join('\n')
    }
    for (let event = 0; event < 25; event++) {
      const event_id = await openEvent({ message: createText(12), context: createText(8) })
      await stores.events.addSummary(event_id, {
        round_id: 1,
        event_summary: createText(8),
        event_suggestion: createText(4),
      })
      t.equal((await answerTo(event_id, createText(4)))?.message_type, 'chat')
      t.equal((await answerTo(event_id, createText(4)))?.message_type, 'chat', 'which is told the first turn, too')
    }
    t.equal(secrets.length, 1_000)
    t.equal(fake.requests.length, 50)
    const recorded = JSON.stringify(fake.requests)
    const elsewhere = JSON.stringify([lines, hints.queue.waiting, stores.data.calls])
    const written = secrets.map(({ secret }) => JSON.stringify(secret).slice(1, -1))
    t.same(
      written.filter((secret) => recorded.includes(secret) || elsewhere.includes(secret)),
      [],
    )
    t.match(recorded, /\[\[KEY-1\]\]/)
    const stored = JSON.stringify([...stores.data.messages.values()].map(({ row }) => row))
    t.ok(written.filter((secret) => stored.includes(secret)).length >= 200, 'the test looks for what is there')
  },
)

/** Lists every way in which an endpoint can fail, with the failure's name. */
const FAILURES: Array<[name: string, code: ReplyErrorCode]> = [
  ['400', 'llm_rejected'],
  ['401', 'llm_unauthorized'],
  ['403', 'llm_unauthorized'],
  ['404', 'llm_rejected'],
  ['408', 'llm_timeout'],
  ['409', 'llm_unavailable'],
  ['422', 'llm_rejected'],
  ['429', 'llm_rate_limited'],
  ['429-long', 'llm_rate_limited'],
  ['500', 'llm_unavailable'],
  ['503', 'llm_unavailable'],
  ['hang', 'llm_timeout'],
  ['stall', 'llm_timeout'],
  ['cut', 'llm_stream_cut'],
  ['unfinished', 'llm_stream_cut'],
  ['unfinished-done', 'llm_stream_cut'],
  ['stream-error', 'llm_unavailable'],
  ['empty', 'llm_empty_answer'],
]

async function createFailingModels(t: Test) {
  return Promise.all(
    FAILURES.map(async ([name, code]) => {
      const behaviour = chooseBehaviour(`fake:${name}`, 1)
      const { url } = await startProvider(t, ...Array.from({ length: 6 }, () => behaviour))
      return { name, code, url }
    }),
  )
}

t.test(
  '[LLM8] after each failure of an endpoint the fallback answers, and names the failed model and the cause',
  async (t) => {
    const good = await startProvider(t)
    const all = [
      ...(await createFailingModels(t)),
      { name: 'nobody', code: 'llm_unreachable', url: 'http://127.0.0.1:9/v1' },
    ]
    const models = all.map(({ name, url }) => createModel(name, url, { fallbacks: ['good'] }))
    const { openEvent, answerTo } = createHttpWorker([...models, createModel('good', good.url)])
    const event_id = await openEvent()
    for (const { name, code } of all) {
      const answer = await answerTo(event_id, `What now, after ${name}?`, name)
      t.match(
        answer,
        {
          message_type: 'chat',
          message_content: { content: ANSWER.join(''), finish_reason: 'fallback', fallback: { from: name, code } },
        },
        name,
      )
      t.notMatch(JSON.stringify(answer), /UPSTREAM|127\.0\.0\.1/, name)
    }
  },
)

t.test(
  '[LLM9] a chain in which each one fails in its own way ends with the offline analyst, who names them in turn',
  async (t) => {
    const all = (await createFailingModels(t)).filter(({ name }) => !name.startsWith('429'))
    const [first, ...others] = all.map(({ name, url }) => createModel(name, url))
    if (!first) throw new Error('no models')
    const offline = createModel('offline', '', { provider: 'offline' })
    first.fallbacks = [...others.map(({ id }) => id), 'offline']
    const { stores, openEvent, answerTo } = createHttpWorker([first, ...others, offline])
    const answer = await answerTo(await openEvent(), 'What should we contain first?')
    t.match(answer?.message_content, {
      content: /No language model could answer just now/,
      finish_reason: 'fallback',
      fallback: { from: '400', code: 'llm_rejected' },
    })
    const tried = [...new Set(stores.data.calls.map(({ model_id, error_code }) => `${model_id} ${error_code}`))]
    t.same(tried, [...all.map(({ name, code }) => `${name} ${code}`), 'offline null'])
    const places = all.map(({ name }) => answer?.message_content.content.indexOf(name) ?? -1)
    t.ok(
      places.every((place) => place >= 0),
      'each is named',
    )
  },
)

t.test('[LLM11] a model that its breaker leaves out is passed over without a request', async (t) => {
  const [down, good] = [
    await startProvider(t, ...Array.from({ length: 9 }, () => ({ status: 401 }))),
    await startProvider(t),
  ]
  const models = [createModel('down', down.url, { fallbacks: ['good'] }), createModel('good', good.url)]
  const { openEvent, answerTo } = createHttpWorker(models, { failures: 2, openMs: 60_000 })
  const event_id = await openEvent()
  for (const code of ['llm_unauthorized', 'llm_unauthorized', 'llm_unavailable', 'llm_unavailable']) {
    t.match(await answerTo(event_id, 'And now?'), { message_content: { fallback: { from: 'down', code } } })
  }
  t.equal(down.requests.length, 2)
})
