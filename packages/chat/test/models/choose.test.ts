import { estimateReservation } from '@engineer-chat/chat/budgets'
import { type Catalogue, listModelChain, type ModelEntry } from '@engineer-chat/chat/models'
import { test } from 'tap'

const createModel = (id: string, fields: Partial<ModelEntry> = {}): ModelEntry => ({
  id,
  provider: 'openai-compatible',
  context_window: null,
  max_tokens: null,
  prices: null,
  choose_for: [],
  fallbacks: [],
  ...fields,
})

const event = {
  severity: 'high',
  source: 'EDR',
  event_name: 'Beacon from WS-042',
  message: 'The APT41 implant calls home; 勒索软件 was seen.',
  context: '',
  tlp: 'amber',
} as const

const catalogue: Catalogue = {
  default: 'general',
  models: [
    createModel('finance', { choose_for: [{ source: ['core-banking'] }] }),
    createModel('hunter', {
      choose_for: [{ severity: ['critical'] }, { words: ['apt41'], source: ['edr'] }],
      fallbacks: ['general', 'offline', 'general', 'hunter'],
    }),
    createModel('general', { fallbacks: ['offline'] }),
    createModel('offline', { provider: 'offline' }),
  ],
}
const listChainIds = (requestedId: string | null, eventFields: object = {}) =>
  listModelChain(catalogue, requestedId, { ...event, ...eventFields }).map(({ id }) => id)

test('[LLM3] a chain begins with the requested model, else the first whose rules match the event, else the default; its fallbacks follow', async (t) => {
  t.same(listChainIds('general'), ['general', 'offline'])
  t.same(listChainIds(null), ['hunter', 'general', 'offline'], 'each model once')
  t.same(listChainIds(null, { source: 'Core-Banking' }), ['finance'])
  t.same(listChainIds(null, { message: 'nothing' }), ['general', 'offline'])
  t.same(listChainIds(null, { message: 'nothing', severity: 'critical' }), ['hunter', 'general', 'offline'])
  t.same(
    listChainIds('gone', { message: 'nothing' }),
    ['general', 'offline'],
    'the requested model was removed after the question was asked',
  )
})

test('[LLM3] a rule’s word matches a whole word in any case; a Chinese word matches anywhere in the text', async (t) => {
  const chooseByWords = (words: string[], message: string) =>
    listModelChain({ default: 'b', models: [createModel('a', { choose_for: [{ words }] }), createModel('b')] }, null, {
      ...event,
      message,
    })[0]?.id
  t.equal(chooseByWords(['ransomware'], 'A Ransomware note.'), 'a')
  t.equal(chooseByWords(['ware'], 'A ransomware note.'), 'b')
  t.equal(chooseByWords(['勒索'], '发现勒索软件。'), 'a')
  t.equal(chooseByWords(['c++ (x)'], 'built in C++ (x).'), 'a', 'signs of a word have no special meaning')
  t.equal(chooseByWords(['.*'], 'anything'), 'b')
})

const createPaidModel = (id: string, max_tokens: number, price: number, fields: Partial<ModelEntry> = {}) =>
  createModel(id, { max_tokens, prices: { prompt: price, completion: 2 * price }, ...fields })

test('[SPEND1] a question reserves the cost of the most expensive model that may answer it first', async (t) => {
  const models = [
    createPaidModel('small', 1_000, 1),
    createPaidModel('chosen', 2_000, 3, { choose_for: [{ severity: ['critical'] }], context_window: 8_000 }),
    createPaidModel('never', 50_000, 100),
    createModel('offline', { provider: 'offline' }),
  ]
  const estimate = (requestedId: string | null) =>
    estimateReservation({ default: 'small', models }, requestedId, 'amber')
  // A prompt that is not built yet is assumed to have 16,384 tokens, or a smaller context window.
  t.same(estimate('small'), { tokens: 16_384 + 1_000, micros: 16_384 + 2_000 })
  t.same(estimate('offline'), { tokens: 0, micros: 0 })
  t.same(estimate(null), { tokens: 17_384, micros: 8_000 * 3 + 2_000 * 6 })
})

test('[SPEND1] for an event that is TLP:RED, a question reserves the cost of a model that may read it', async (t) => {
  const models = [
    createPaidModel('outside', 1_000, 1, { fallbacks: ['near'] }),
    createPaidModel('ruled', 1_000, 1, { choose_for: [{ severity: ['critical'] }] }),
    createPaidModel('near', 2_000, 3, { inside: true }),
    createPaidModel('far', 50_000, 100, { inside: true }),
  ]
  const offline = createModel('offline', { provider: 'offline' })
  const estimate = (catalogue: Catalogue, requestedId: string | null) =>
    estimateReservation(catalogue, requestedId, 'red')
  const near = { tokens: 16_384 + 2_000, micros: 16_384 * 3 + 2_000 * 6 }
  t.same(estimate({ default: 'outside', models }, null), near, 'the fallback of the default model')
  t.same(estimate({ default: 'outside', models }, 'outside'), near, 'the fallback of the requested model')
  t.same(estimate({ default: 'ruled', models }, null), near, 'the first model whose chain has a reader')
  const outside = models.filter(({ inside }) => !inside)
  t.same(estimate({ default: 'outside', models: outside, analyst: offline }, null), { tokens: 0, micros: 0 })
})
