import type { Catalogue, ModelEntry } from '@engineer-chat/chat/models'
import type { Model } from '@engineer-chat/protocol'
import t, { type Test } from 'tap'
import { createHarness, type TestCaller } from '../harness.ts'
import { checkProblem } from '../problems.ts'

const createModel = (id: string, overrides: Partial<ModelEntry> = {}): ModelEntry => ({
  id,
  provider: 'openai-compatible',
  context_window: 32_000,
  max_tokens: 1_000,
  prices: null,
  choose_for: [],
  fallbacks: [],
  ...overrides,
})

const OUTSIDE_CATALOGUE: Catalogue = { default: 'gpt', models: [createModel('gpt')] }
const MIXED_CATALOGUE: Catalogue = {
  default: 'gpt',
  models: [createModel('gpt'), createModel('claude', { fallbacks: ['local'] }), createModel('local', { inside: true })],
}
const OFFLINE_ANALYST = createModel('offline', { provider: 'offline' })

const SEND = '/api/engineer-chat/send'
const PREVIEW = '/api/engineer-chat/preview'

async function startWithRedEvent(t: Test, models: Catalogue) {
  const harness = await createHarness({ deps: { models } })
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const event_id = await harness.createEvent(alice, { tlp: 'red' })
  const postQuestion = (url: string, overrides: object = {}) =>
    alice.call('POST', url, { event_id, message: 'what now?', ...overrides })
  return { harness, alice, event_id, postQuestion }
}

t.test(
  '[TLP2] a question about a red event gets 409 if no model inside the installation is available, and nothing is stored',
  async (t) => {
    const { harness, alice, event_id, postQuestion } = await startWithRedEvent(t, OUTSIDE_CATALOGUE)
    const seqsBefore = JSON.stringify(await harness.stores.timeline.readSeqs([event_id]))

    for (const url of [SEND, PREVIEW]) {
      checkProblem(t, await postQuestion(url), 409, 'tlp_forbids_model')
      checkProblem(t, await postQuestion(url, { model: 'gpt' }), 409, 'tlp_forbids_model')
    }

    t.equal(
      JSON.stringify(await harness.stores.timeline.readSeqs([event_id])),
      seqsBefore,
      'no sequence number was used',
    )
    t.same((await alice.call('GET', `/api/engineer-chat/sessions?event_id=${event_id}`)).json().items, [])
    t.match((await alice.call('GET', `/api/engineer-chat/status?event_id=${event_id}`)).json(), { can_chat: false })
    await alice.call('PATCH', `/api/events/${event_id}`, { tlp: 'amber' })
    t.equal((await postQuestion(SEND)).statusCode, 200, 'the question is accepted after the label was lowered')
  },
)

t.test(
  '[TLP2] for a red event, a model inside the installation or the offline analyst answers instead of one outside',
  async (t) => {
    const { postQuestion } = await startWithRedEvent(t, MIXED_CATALOGUE)
    // The question names no model. The default, `gpt`, is outside, so the next model inside takes its place. The field
    // `leaves` is false only for the offline analyst.
    t.match((await postQuestion(PREVIEW)).json(), { model: 'local', leaves: true })
    t.match((await postQuestion(PREVIEW, { model: 'claude' })).json(), { model: 'local' }, 'a fallback of `claude`')
    checkProblem(t, await postQuestion(PREVIEW, { model: 'gpt' }), 409, 'tlp_forbids_model')
    checkProblem(t, await postQuestion(SEND, { model: 'gpt' }), 409, 'tlp_forbids_model')
    t.equal((await postQuestion(SEND)).statusCode, 200)
    t.equal((await postQuestion(SEND, { model: 'claude' })).statusCode, 200)

    const offlineSetup = await startWithRedEvent(t, { ...OUTSIDE_CATALOGUE, analyst: OFFLINE_ANALYST })
    const preview = (await offlineSetup.postQuestion(PREVIEW)).json()
    t.match(preview, { model: 'offline', leaves: false })
    t.same(preview.turns, [])
    t.equal((await offlineSetup.postQuestion(SEND)).statusCode, 200)
  },
)

t.test('[TLP2] a retry gets 409 while the event is red, and the answer is not changed', async (t) => {
  const { harness, alice, event_id, postQuestion } = await startWithRedEvent(t, OUTSIDE_CATALOGUE)
  await alice.call('PATCH', `/api/events/${event_id}`, { tlp: 'amber' })
  const sent = (await postQuestion(SEND, { client_message_id: 'k-1' })).json()
  const { message_id } = sent.ai_message
  const attempt = (await harness.stores.replies.claim(message_id, 1_000))?.row.attempt ?? 0
  await harness.stores.replies.finish({ message_id, attempt }, { type: 'chat', content: { content: 'Isolate it.' } })
  await alice.call('PATCH', `/api/events/${event_id}`, { tlp: 'red' })

  checkProblem(t, await alice.call('POST', `/api/engineer-chat/messages/${message_id}/retry`), 409, 'tlp_forbids_model')

  t.match((await postQuestion(SEND, { client_message_id: 'k-1' })).json(), {
    ai_message: { message_content: { content: 'Isolate it.' } },
  })
})

t.test(
  '[TLP7] the list of models says which are inside the installation, and which may be chosen in a red event',
  async (t) => {
    const { alice } = await startWithRedEvent(t, MIXED_CATALOGUE)
    const listModels = async (caller: TestCaller) => {
      const { items } = (await caller.call('GET', '/api/engineer-chat/models')).json()
      return items.map(({ id, inside, answers_red }: Model) => ({ id, inside, answers_red }))
    }
    t.same(await listModels(alice), [
      { id: 'gpt', inside: false, answers_red: false },
      { id: 'claude', inside: false, answers_red: true }, // Its fallback `local` answers.
      { id: 'local', inside: true, answers_red: true },
    ])
    const offlineSetup = await startWithRedEvent(t, { ...OUTSIDE_CATALOGUE, analyst: OFFLINE_ANALYST })
    // In a red event, the offline analyst answers a question to `gpt`. Here it is not itself in the list of models.
    t.same(await listModels(offlineSetup.alice), [{ id: 'gpt', inside: false, answers_red: true }])
  },
)
