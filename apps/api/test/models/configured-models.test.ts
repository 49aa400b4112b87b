import t from 'tap'
import { createHarness } from '../harness.ts'
import { checkProblem } from '../problems.ts'

/** Creates the configuration of a model, including fields that no response may contain. */
const createEntry = (id: string, overrides: object = {}) => ({
  id,
  provider: 'openai-compatible',
  context_window: null,
  max_tokens: 600,
  prices: null,
  choose_for: [],
  fallbacks: [],
  endpoint: 'https://llm.inside.example/v1',
  api_key_env: 'HOUSE_KEY',
  extra_body: { token: 'secret' },
  ...overrides,
})

t.test(
  '[LLM12] [HEALTH2] [TLP7] admins see the models with health, limits, rules and fallbacks, but no host and no key',
  async (t) => {
    const rules = [{ severity: ['critical' as const], words: ['付款'] }]
    const prices = { prompt: 1, completion: 2.5 }
    const bigFields = { model: 'big-7b', choose_for: rules, fallbacks: ['small'], prices, context_window: 32_768 }
    const capacity = { maxConcurrent: 10, requestsPerMinute: null, tokensPerMinute: 90_000 }
    const models = {
      default: 'small',
      models: [createEntry('big', { ...bigFields, capacity, inside: true }), createEntry('small')],
    }
    const harness = await createHarness({ deps: { models } })
    t.teardown(() => harness.close())
    const [admin, alice] = [await harness.signUp('root', 'admin'), await harness.signUp('alice')]
    const neverCalled = { last_success_at: null, last_failure_at: null, last_failure_code: null }
    await harness.stores.modelHealth.report('worker', [{ model_id: 'big', breaker: 'open', ...neverCalled }])
    checkProblem(t, await alice.call('GET', '/api/admin/models'), 403, 'forbidden')
    const response = await admin.call('GET', '/api/admin/models')
    t.same(response.json(), {
      items: [
        {
          id: 'big',
          provider: 'openai-compatible',
          model: 'big-7b',
          default: false,
          context_window: 32_768,
          max_tokens: 600,
          prices,
          choose_for: rules,
          fallbacks: ['small'],
          limits: { max_concurrent: 10, requests_per_minute: null, tokens_per_minute: 90_000 },
          inside: true,
          health: { ...neverCalled, workers: 1, left_out_by: 1 },
        },
        {
          id: 'small',
          provider: 'openai-compatible',
          model: 'small',
          default: true,
          context_window: null,
          max_tokens: 600,
          prices: null,
          choose_for: [],
          fallbacks: [],
          limits: null,
          inside: false,
          health: null,
        },
      ],
      next_cursor: null,
    })
    t.notMatch(response.body, /example|HOUSE_KEY|secret/)
  },
)
