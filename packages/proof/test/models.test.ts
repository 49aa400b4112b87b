import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createEventAs, startFakeModel, startFixture } from '@engineer-chat/proof'
import t, { type Test } from 'tap'

/**
 * A question reserves 16,384 tokens for its prompt, which is not built yet, and these for its answer: together 17,000.
 * The event's budget has space for three such reservations.
 */
const MAX_ANSWER_TOKENS = 616
const EVENT_BUDGET_TOKENS = 60_000

/** Writes a models file: one model without a server, two that work, and one that is chosen for a source of events. */
async function writeModelsFile(t: Test, url: string): Promise<string> {
  const createModel = (id: string, endpoint: string, fallbacks: string[], fields: object = {}) => ({
    id,
    provider: 'openai-compatible',
    endpoint,
    fallbacks,
    parameters: { max_tokens: MAX_ANSWER_TOKENS },
    ...fields,
  })
  const models = [
    // Nothing listens on port 9.
    createModel('dead', 'http://127.0.0.1:9/v1', ['live', 'offline']),
    createModel('live', url, ['offline']),
    createModel('alone', url, []),
    createModel('finance', url, [], { model: 'finance-7b', choose_for: [{ source: ['core-banking'] }] }),
  ]
  const path = join(t.testdir({}), 'models.json')
  await writeFile(path, JSON.stringify({ default: 'dead', models }))
  return path
}

t.test('several models, in real processes', async (t) => {
  const model = await startFakeModel()
  t.teardown(() => model.close())
  const env = {
    LLM_BASE_URL: '', // The models file replaces the only model of the fixture.
    LLM_MODELS_FILE: await writeModelsFile(t, model.url),
    LLM_BUDGET_EVENT_TOKENS: String(EVENT_BUDGET_TOKENS),
  }
  const fixture = await startFixture({ apis: 2, workers: 1, env })
  t.teardown(() => fixture.stop())
  const { alice } = fixture
  const askAndWait = async (event_id: string, message: string, fields: Record<string, unknown> = {}) => {
    const sendResponse = await alice.ask(fixture.getApiUrl(0), event_id, message, fields)
    if (sendResponse.status !== 200) throw new Error(`${sendResponse.status} ${sendResponse.text}`)
    return alice.waitForReply(fixture.getApiUrl(1), sendResponse.body)
  }

  t.test(
    '[LLM8] when a model is unreachable, its fallback answers, and the row names the unreachable model',
    async (t) => {
      const { message_type, message_content } = await askAndWait(fixture.event_id, 'what now?')
      t.equal(message_type, 'chat')
      t.match(message_content, {
        content: 'Answer to: what now?',
        model: 'fake-1',
        finish_reason: 'fallback',
        fallback: { from: 'dead', code: 'llm_unreachable' },
      })
    },
  )

  t.test(
    '[LLM9] when every model fails, the offline analyst gives the facts; a reply whose chain has no analyst is an error',
    async (t) => {
      model.failWith('nobody-answers', 401, 10)
      const offline = await askAndWait(fixture.event_id, 'nobody-answers: what should we contain?')
      t.match(offline.message_content, {
        content: /No language model could answer just now.*dead.*live.*198\.51\.100\.23/s,
        finish_reason: 'fallback',
      })
      t.notMatch(JSON.stringify(offline), /secret of the host/)
      t.match(await askAndWait(fixture.event_id, 'nobody-answers', { model: 'alone' }), {
        message_type: 'error',
        message_content: { error: { code: 'llm_unauthorized' } },
      })
    },
  )

  t.test(
    '[LLM3] [LLM4] the model that a question names answers it, or else the model for the event’s source',
    async (t) => {
      t.match((await askAndWait(fixture.event_id, 'by name', { model: 'live' })).message_content, {
        finish_reason: 'stop',
      })
      const event_id = await createEventAs(fixture.getApiUrl(0), alice, { source: 'Core-Banking' })
      t.match((await askAndWait(event_id, 'by rule')).message_content, { finish_reason: 'stop' })
      t.match(model.calls.at(-1)?.requestBody, /"model":"finance-7b"/)
      t.match(await alice.ask(fixture.getApiUrl(0), event_id, 'x', { model: 'gpt' }), {
        status: 400,
        body: { code: 'model_unknown' },
      })
    },
  )

  t.test(
    '[SPEND8] when questions race over two nodes, those over the event’s budget get 429 and the others are answered',
    async (t) => {
      const paused = model.pauseAfterFirstDelta('first in line')
      const event_id = await createEventAs(fixture.getApiUrl(0), alice)
      const sendResponses = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          alice.ask(fixture.getApiUrl(index % 2), event_id, 'first in line', { model: 'live' }),
        ),
      )
      const accepted = sendResponses.filter(({ status }) => status === 200)
      const refused = sendResponses.filter(({ status }) => status !== 200)
      t.ok(accepted.length > 0, `${accepted.length} accepted`)
      // A reservation becomes smaller when the prompt is built, so a fourth question may be accepted.
      t.ok(refused.length >= 4, `${refused.length} refused`)
      for (const response of refused) t.match(response, { status: 429, body: { code: 'budget_exceeded' } })
      paused.resume()
      for (const { body } of accepted)
        t.equal((await alice.waitForReply(fixture.getApiUrl(0), body)).message_type, 'chat')
      t.match(
        await alice.ask(fixture.getApiUrl(0), event_id, 'and now?', { model: 'live' }),
        { status: 200 },
        'the reservations are released',
      )
    },
  )
})
