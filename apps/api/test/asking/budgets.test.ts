import type { Catalogue, ModelEntry } from '@engineer-chat/chat/models'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import t from 'tap'
import { createHarness } from '../harness.ts'
import { checkProblem } from '../problems.ts'

/** A question reserves this many tokens for its prompt, which a worker builds later. */
const PROMPT_TOKENS = 16_384
/** A question to `big` or `small` reserves this many tokens for its prompt and its answer. */
const QUESTION_TOKENS = 17_000
/** A question to `expensive` reserves this many. */
const EXPENSIVE_QUESTION_TOKENS = 21_384

const createModel = (id: string, overrides: Partial<ModelEntry> = {}): ModelEntry => ({
  id,
  provider: 'openai-compatible',
  context_window: 32_000,
  max_tokens: QUESTION_TOKENS - PROMPT_TOKENS,
  prices: null,
  choose_for: [],
  fallbacks: [],
  ...overrides,
})

const models: Catalogue = {
  default: 'big',
  models: [
    createModel('big'),
    createModel('small', { context_window: null }),
    createModel('expensive', { max_tokens: EXPENSIVE_QUESTION_TOKENS - PROMPT_TOKENS }),
    createModel('offline', { provider: 'offline', context_window: null }),
  ],
}

/** The list of models says this of each model that is outside the installation. */
const OUTSIDE_FIELDS = { inside: false, answers_red: false }
const SEND = '/api/engineer-chat/send'

t.test('[LLM4] the models are listed, a question may name one of them, and an unknown one is refused', async (t) => {
  const stores = createMemoryStores()
  const harness = await createHarness({ stores, deps: { models } })
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  t.same((await alice.call('GET', '/api/engineer-chat/models')).json(), {
    items: [
      { id: 'big', provider: 'openai-compatible', default: true, ...OUTSIDE_FIELDS, context_window: 32_000 },
      { id: 'small', provider: 'openai-compatible', default: false, ...OUTSIDE_FIELDS },
      { id: 'expensive', provider: 'openai-compatible', default: false, ...OUTSIDE_FIELDS, context_window: 32_000 },
      { id: 'offline', provider: 'offline', default: false, inside: true, answers_red: true },
    ],
    next_cursor: null,
  })
  const event_id = await harness.createEvent(alice)
  const sent = (await alice.call('POST', SEND, { event_id, message: 'hi', model: 'small' })).json()
  t.equal((await stores.replies.claim(sent.ai_message.message_id, 1_000))?.model, 'small')
  checkProblem(t, await alice.call('POST', SEND, { event_id, message: 'hi', model: 'gpt' }), 400, 'model_unknown')
})

t.test(
  '[SPEND10] a question or retry that exceeds a budget gets 429 with Retry-After; a repeated question gets 200',
  async (t) => {
    const stores = createMemoryStores({ budgets: { user: { tokens: 2 * QUESTION_TOKENS } } })
    const harness = await createHarness({ stores, deps: { models } })
    t.teardown(() => harness.close())
    const alice = await harness.signUp('alice')
    const event_id = await harness.createEvent(alice)
    const send = (client_message_id: string, overrides: object = {}) =>
      alice.call('POST', SEND, { event_id, message: 'hi', client_message_id, ...overrides })
    const first = (await send('k-1')).json()
    await send('k-2')
    const refused = await send('k-3')
    checkProblem(t, refused, 429, 'budget_exceeded')
    t.equal(refused.headers['retry-after'], '30', 'reservations are released soon')
    t.equal((await send('k-1')).statusCode, 200)
    t.equal((await send('k-4', { model: 'offline' })).statusCode, 200, 'the offline analyst reserves nothing')

    const { message_id } = first.ai_message
    const attempt = (await stores.replies.claim(message_id, 1_000))?.row.attempt ?? 0
    const call = { message_id, attempt, model: 'big', outcome: 'ok', error_code: null, usage: null } as const
    await stores.replies.recordCall({ ...call, first_token_ms: 1, total_ms: 2, spent: { tokens: 20_000, micros: 0 } })
    await stores.replies.finish({ message_id, attempt }, { type: 'chat', content: { content: 'x' } })
    // 20,000 of 34,000 tokens are spent, and a retry reserves 17,000. So it does not fit before midnight, even if all
    // other reservations are released.
    const retried = await alice.call('POST', `/api/engineer-chat/messages/${message_id}/retry`)
    checkProblem(t, retried, 429, 'budget_exceeded')
    const secondsToMidnight = Math.ceil((86_400_000 - (Date.now() % 86_400_000)) / 1_000)
    t.ok(
      Math.abs(Number(retried.headers['retry-after']) - secondsToMidnight) < 10,
      'Retry-After is the time until midnight',
    )
    t.match((await alice.call('GET', `/api/engineer-chat/history?event_id=${event_id}`)).json().messages[1], {
      message_type: 'chat', // The refused retry has not changed the answer.
    })
    const bob = await harness.signUp('bob')
    t.equal(
      (await bob.call('POST', SEND, { event_id, message: 'hi' })).statusCode,
      200,
      'the budget of another user is not affected',
    )
  },
)

t.test('[SPEND6] a retry reserves the cost of the model that the question named, not of the default one', async (t) => {
  const stores = createMemoryStores({ budgets: { user: { tokens: 30_000 } } })
  const harness = await createHarness({ stores, deps: { models } })
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const event_id = await harness.createEvent(alice)
  /** Asks this model, and finishes the reply, whose call costs this many tokens. */
  const answerQuestion = async (model: string, spentTokens: number): Promise<string> => {
    const sent = (await alice.call('POST', SEND, { event_id, message: 'hi', model })).json()
    const { message_id } = sent.ai_message
    const attempt = (await stores.replies.claim(message_id, 1_000))?.row.attempt ?? 0
    const call = { message_id, attempt, model, outcome: 'ok', error_code: null, usage: null } as const
    await stores.replies.recordCall({
      ...call,
      first_token_ms: 1,
      total_ms: 2,
      spent: { tokens: spentTokens, micros: 0 },
    })
    await stores.replies.finish({ message_id, attempt }, { type: 'chat', content: { content: 'x' } })
    return message_id
  }
  const retry = (message_id: string) => alice.call('POST', `/api/engineer-chat/messages/${message_id}/retry`)
  const expensive = await answerQuestion('expensive', 10_000)
  checkProblem(t, await retry(expensive), 429, 'budget_exceeded', '20,000 tokens are left: enough for `big` only')
  const offline = await answerQuestion('offline', 0)
  await answerQuestion('big', 15_000)
  // 5,000 tokens are left: too few for `big`, which is the default.
  t.equal((await retry(offline)).statusCode, 200, 'the offline analyst reserves nothing')
})
