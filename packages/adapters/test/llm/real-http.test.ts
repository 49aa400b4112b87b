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
  '[SECRET1] [SECRET9] of a thousand planted secrets, none reaches the provider, the log, the queue or the records of calls',
  async (t) => {
    const echo = { pieces: ['Rotate [[KE', 'Y-1]] and [[PASS', 'WORD-1]].'] }
    const fake = await startProvider(t, ...Array.from({ length: 50 }, () => echo))
    const { stores, hints, logLines, openEvent, askAndAnswer } = createHttpWorker([createModel('m', fake.url)])
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
      t.equal((await askAndAnswer(event_id, createText(4)))?.message_type, 'chat')
      t.equal(
        (await askAndAnswer(event_id, createText(4)))?.message_type,
        'chat',
        'the second call, which also contains the first turn',
      )
    }
    t.equal(secrets.length, 1_000)
    t.equal(fake.requests.length, 50)
    const sentRequests = JSON.stringify(fake.requests)
    const otherRecords = JSON.stringify([logLines, hints.queue.waiting, stores.data.calls])
    const secretsInJson = secrets.map(({ secret }) => JSON.stringify(secret).slice(1, -1))
    t.same(
      secretsInJson.filter((secret) => sentRequests.includes(secret) || otherRecords.includes(secret)),
      [],
    )
    t.match(sentRequests, /\[\[KEY-1\]\]/)
    const stored = JSON.stringify([...stores.data.messages.values()].map(({ row }) => row))
    t.ok(
      secretsInJson.filter((secret) => stored.includes(secret)).length >= 200,
      'the stored messages contain the secrets, so the test would find a leak',
    )
  },
)

/** Lists every behaviour of the fake provider that fails, with the code of its failure. */
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
    const failingEndpoints = [
      ...(await createFailingModels(t)),
      { name: 'nobody', code: 'llm_unreachable', url: 'http://127.0.0.1:9/v1' },
    ]
    const models = failingEndpoints.map(({ name, url }) => createModel(name, url, { fallbacks: ['good'] }))
    const { openEvent, askAndAnswer } = createHttpWorker([...models, createModel('good', good.url)])
    const event_id = await openEvent()
    for (const { name, code } of failingEndpoints) {
      const answer = await askAndAnswer(event_id, `What now, after ${name}?`, name)
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
  '[LLM9] a chain of models that fail in different ways ends with the offline analyst, which names each of them',
  async (t) => {
    const failingEndpoints = (await createFailingModels(t)).filter(({ name }) => !name.startsWith('429'))
    const [first, ...others] = failingEndpoints.map(({ name, url }) => createModel(name, url))
    if (!first) throw new Error('no models')
    const offline = createModel('offline', '', { provider: 'offline' })
    first.fallbacks = [...others.map(({ id }) => id), 'offline']
    const { stores, openEvent, askAndAnswer } = createHttpWorker([first, ...others, offline])
    const answer = await askAndAnswer(await openEvent(), 'What should we contain first?')
    t.match(answer?.message_content, {
      content: /No language model could answer just now/,
      finish_reason: 'fallback',
      fallback: { from: '400', code: 'llm_rejected' },
    })
    const triedModels = [...new Set(stores.data.calls.map(({ model_id, error_code }) => `${model_id} ${error_code}`))]
    t.same(triedModels, [...failingEndpoints.map(({ name, code }) => `${name} ${code}`), 'offline null'])
    const positions = failingEndpoints.map(({ name }) => answer?.message_content.content.indexOf(name) ?? -1)
    t.ok(
      positions.every((position) => position >= 0),
      'each model is named',
    )
  },
)

t.test('[LLM11] a model that its breaker leaves out is skipped without a request', async (t) => {
  const [down, good] = [
    await startProvider(t, ...Array.from({ length: 9 }, () => ({ status: 401 }))),
    await startProvider(t),
  ]
  const models = [createModel('down', down.url, { fallbacks: ['good'] }), createModel('good', good.url)]
  const { openEvent, askAndAnswer } = createHttpWorker(models, { failures: 2, openMs: 60_000 })
  const event_id = await openEvent()
  for (const code of ['llm_unauthorized', 'llm_unauthorized', 'llm_unavailable', 'llm_unavailable']) {
    t.match(await askAndAnswer(event_id, 'And now?'), { message_content: { fallback: { from: 'down', code } } })
  }
  t.equal(down.requests.length, 2)
})
