import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  createModelChains,
  getLongestCallMs,
  MissingKeysError,
  ModelsFileError,
  readConfiguredModels,
} from '@engineer-chat/adapters/llm'
import t, { type Test } from 'tap'
import { EVENT } from './llm-request.ts'

const SETTINGS = { timeoutMs: 30_000, firstTokenTimeoutMs: 20_000, idleTimeoutMs: 15_000 }
const BREAKER = { failures: 5, openMs: 30_000 }

async function writeModelsFile(t: Test, content: unknown): Promise<string> {
  const path = join(t.testdir({}), 'models.json')
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const describe = async (t: Test, content: unknown) =>
  readConfiguredModels({ ...SETTINGS, modelsFile: await writeModelsFile(t, content) })

async function readProblems(t: Test, content: unknown): Promise<string> {
  const error: unknown = await describe(t, content).catch((failure) => failure)
  if (error instanceof ModelsFileError) return error.message
  throw new Error(`accepted, or ${error}`)
}

t.test('[LLM1] the example of the documentation is accepted', async (t) => {
  const page = await readFile(new URL('../../../../docs/models.md', import.meta.url), 'utf8')
  const [, json = ''] = /```json\n(.*?)```/s.exec(page) ?? []
  const described = await describe(t, json)
  t.equal(described.default, 'deepseek')
  t.same([...new Set(described.models.map(({ provider }) => provider))].sort(), [
    'anthropic',
    'offline',
    'openai-compatible',
  ])
  const anthropic = described.models.find(({ provider }) => provider === 'anthropic')
  t.match(anthropic, { endpoint: 'https://api.anthropic.com/v1', api_key_env: 'ANTHROPIC_API_KEY' })
  t.match(described.models[0], { limits: { total_ms: 120_000, first_token_ms: 20_000, idle_ms: 15_000 } })
})

t.test('[LLM1] one error lists every mistake with its path, and contains no value', async (t) => {
  const message = await readProblems(t, {
    default: 'a',
    modells: [],
    models: [
      { id: 'a', provider: 'openai', endpoint: 'ftp://x', api_key_env: 'sk-secret-key', fallbacks: [1] },
      { id: 'b', provider: 'offline', prices: { prompt: -1 }, choose_for: [{}], temperature: 1 },
    ],
  })
  for (const path of ['/models/0/provider', '/models/0/endpoint', '/models/0/api_key_env', '/models/0/fallbacks/0'])
    t.match(message, path)
  for (const path of ['/models/1/prices', '/models/1/choose_for/0', 'modells', 'temperature']) t.match(message, path)
  t.notMatch(message, /sk-secret/)
})

t.test('[LLM1] rules over several fields are checked, too', async (t) => {
  const model = { id: 'a', provider: 'openai-compatible' }
  const message = await readProblems(t, {
    default: 'nobody',
    models: [{ ...model, fallbacks: ['a', 'gone', 'offline'] }, model, { id: 'offline', provider: 'anthropic' }],
  })
  for (const text of [
    'default names nobody',
    'two models have the id a',
    'a needs an endpoint',
    'its own fallback',
    'falls back to gone',
    "offline analyst's",
  ])
    t.match(message, text)
  t.match(await readProblems(t, '{"models": ['), /no JSON/)
  t.match(await readProblems(t, { models: [] }), /models/)
  await t.rejects(readConfiguredModels({ ...SETTINGS, modelsFile: '/nowhere/models.json' }), {
    message: /can't be read \(ENOENT\)/,
  })
})

t.test('[LLM1] without a file the only model is the one of the variables, or the offline analyst', async (t) => {
  const llm = { baseUrl: 'http://127.0.0.1:1/v1', model: 'qwen3', apiKey: 'k', temperature: 0.3 }
  const single = await readConfiguredModels({ ...SETTINGS, ...llm })
  t.match(single, {
    default: 'qwen3',
    models: [{ id: 'qwen3', provider: 'openai-compatible', temperature: 0.3 }],
  })
  t.same([single.models.length, single.models[0]?.fallbacks], [1, []])
  t.match(createModelChains(single, { LLM_API_KEY: 'k' }, BREAKER).list(null, EVENT), [{ llm: { model: 'qwen3' } }])
  const analystOnly = await readConfiguredModels(SETTINGS)
  t.match(analystOnly, { default: 'offline-analyst', models: [{ id: 'offline-analyst', provider: 'offline' }] })
  t.equal(analystOnly.models.length, 1)
  t.match(createModelChains(analystOnly, {}, BREAKER).list('gone', EVENT), [{ llm: { model: 'offline-analyst' } }])
})

t.test(
  '[SLOT1] a file limits the calls to each of its models, and LLM_MAX_CONCURRENT limits the calls to the model of the variables',
  async (t) => {
    const model = { id: 'a', provider: 'openai-compatible', endpoint: 'http://127.0.0.1:1/v1' }
    const limits = { max_concurrent: 10, tokens_per_minute: 90_000, total_s: 60 }
    const chains = createModelChains(await describe(t, { models: [{ ...model, limits }] }), {}, BREAKER)
    const capacity = { maxConcurrent: 10, requestsPerMinute: null, tokensPerMinute: 90_000 }
    t.same(chains.limitedModels, [{ id: 'a', capacity }])
    t.match(chains.list(null, EVENT), [{ id: 'a', capacity, limits: { total_ms: 60_000 } }])
    t.match(await readProblems(t, { models: [{ ...model, limits: { max_concurrent: 0 } }] }), /max_concurrent/)

    const llm = { ...SETTINGS, baseUrl: 'http://127.0.0.1:1/v1', model: 'qwen3' }
    const singleChains = createModelChains(await readConfiguredModels({ ...llm, maxConcurrent: 10 }), {}, BREAKER)
    t.match(singleChains.limitedModels, [{ id: 'qwen3', capacity: { maxConcurrent: 10, requestsPerMinute: null } }])
    t.same(createModelChains(await readConfiguredModels(llm), {}, BREAKER).limitedModels, [])
  },
)

t.test(
  '[LLM9] the analyst ends the chain of the model of the variables, unless the operator wants errors',
  async (t) => {
    const llm = { baseUrl: 'http://127.0.0.1:1/v1', model: 'qwen3' }
    const chains = createModelChains(await readConfiguredModels({ ...SETTINGS, ...llm }), {}, BREAKER)
    t.match(chains.list(null, EVENT), [{ id: 'qwen3' }, { id: 'offline', provider: 'offline' }])
    t.match(chains.analyst, { id: 'offline' })

    const settings = { ...SETTINGS, ...llm, fallback: 'none' } as const
    const chainsWithoutAnalyst = createModelChains(await readConfiguredModels(settings), {}, BREAKER)
    t.match(chainsWithoutAnalyst.list(null, EVENT), { length: 1 })
    t.equal(chainsWithoutAnalyst.analyst, null)

    const analystChains = createModelChains(await readConfiguredModels(SETTINGS), {}, BREAKER)
    t.match(analystChains.list(null, EVENT), { length: 1 }, 'without a configured model the analyst is the model')
  },
)

t.test('[LLM9] a file names its fallbacks itself; the analyst answers only at a deadline', async (t) => {
  const model = { id: 'a', provider: 'openai-compatible', endpoint: 'http://127.0.0.1:1/v1' }
  const chains = createModelChains(await describe(t, { models: [model] }), {}, BREAKER)
  t.match(chains.list(null, EVENT), { length: 1 })
  t.match(chains.analyst, { id: 'offline' })
})

t.test('[LLM1] the offline analyst can always be named', async (t) => {
  const model = { id: 'a', provider: 'openai-compatible', endpoint: 'http://127.0.0.1:1/v1' }
  t.equal((await describe(t, { models: [model] })).models.length, 1)
  const described = await describe(t, { models: [{ ...model, fallbacks: ['offline'] }] })
  t.match(described.models, [{ id: 'a' }, { id: 'offline', provider: 'offline' }])
  t.match(createModelChains(described, {}, BREAKER).list(null, EVENT), [
    { id: 'a' },
    { id: 'offline', provider: 'offline' },
  ])
})

t.test('[LLM2] a key is read from a variable, and a missing one stops the worker with its name', async (t) => {
  const described = await describe(t, {
    models: [{ id: 'a', provider: 'anthropic', api_key_env: 'MY_ANTHROPIC_KEY' }],
  })
  t.throws(() => createModelChains(described, { MY_ANTHROPIC_KEY: ' ' }, BREAKER), MissingKeysError)
  t.throws(() => createModelChains(described, {}, BREAKER), { message: /a takes its key from MY_ANTHROPIC_KEY/ })
  t.match(createModelChains(described, { MY_ANTHROPIC_KEY: 'k' }, BREAKER).list(null, EVENT), [
    { llm: { model: 'a', provider: 'anthropic' }, max_tokens: 4_096 },
  ])
})

t.test('[ANSWER9] a worker that stops waits for the slowest of its models', async (t) => {
  const model = { id: 'a', provider: 'openai-compatible', endpoint: 'http://127.0.0.1:1/v1' }
  const slow = { ...model, id: 'b', limits: { total_s: 300 } }
  t.equal(getLongestCallMs(await describe(t, { models: [model, slow] })), 300_000)
  t.equal(getLongestCallMs(await readConfiguredModels(SETTINGS)), SETTINGS.timeoutMs)
})

t.test('[TLP1] a model is inside only if the file or LLM_INSIDE says so, or if it is the analyst', async (t) => {
  const model = { id: 'a', provider: 'openai-compatible', endpoint: 'http://127.0.0.1:1/v1' }
  const file = {
    models: [
      { ...model, fallbacks: ['b', 'offline'] },
      { ...model, id: 'b', inside: true },
    ],
  }
  const red = { ...EVENT, tlp: 'red' } as const
  const chains = createModelChains(await describe(t, file), {}, BREAKER)
  t.match(chains.list(null, EVENT), [{ id: 'a' }, { id: 'b', inside: true }, { id: 'offline' }])
  t.match(chains.list(null, red), [{ id: 'b', inside: true }, { id: 'offline' }])
  t.match(await readProblems(t, { models: [{ ...model, inside: 'yes' }] }), /inside/)
  t.match(await readProblems(t, { models: [{ id: 'o', provider: 'offline', inside: false }] }), /it is always inside/)

  const llm = { ...SETTINGS, baseUrl: 'http://127.0.0.1:1/v1', model: 'qwen3' }
  const list = async (overrides: object, event = red) =>
    createModelChains(await readConfiguredModels({ ...llm, ...overrides }), {}, BREAKER)
      .list(null, event)
      .map(({ id }) => id)
  t.same(await list({}), ['offline'])
  t.same(await list({ isInside: true }), ['qwen3', 'offline'])
  t.same(await list({ fallback: 'none' }), [])
  t.same(await list({ fallback: 'none', isInside: true }), ['qwen3'])
  t.same(
    await list({ model: 'offline', fallback: 'none' }),
    [],
    'a model that only has the analyst’s name is not the analyst',
  )
  t.same(await list({ model: 'offline' }), ['offline'])
})
