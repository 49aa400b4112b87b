import {
  type Catalogue,
  listForbiddenTlp,
  listModelChain,
  listPossibleFirstModels,
  type ModelEntry,
  mayRead,
} from '@engineer-chat/chat/models'
import { createSeededRandom } from '@engineer-chat/chat/testing'
import { TLP_LABELS, type Tlp } from '@engineer-chat/protocol'
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

const EVENT = { severity: 'high', source: 'edr', event_name: 'Beacon', message: '', context: '' } as const

const listIds = (catalogue: Catalogue, requestedId: string | null, tlp: Tlp = 'red') =>
  listModelChain(catalogue, requestedId, { ...EVENT, tlp }).map(({ id }) => id)

const ANALYST = createModel('offline', { provider: 'offline' })

test('[TLP1] a model inside and the offline analyst may read every event; any other model may read no red event', async (t) => {
  for (const tlp of TLP_LABELS) {
    t.equal(mayRead({ inside: true }, tlp), true)
    t.equal(mayRead({ provider: 'offline' }, tlp), true)
    t.equal(mayRead({ provider: 'openai-compatible' }, tlp), tlp !== 'red')
    t.equal(mayRead({}, tlp), tlp !== 'red')
  }
})

test('[TLP1] a chain leaves out the models that may not read the event', async (t) => {
  const models = [
    createModel('gpt', { fallbacks: ['claude', 'house', 'offline'] }),
    createModel('claude'),
    createModel('house', { inside: true, fallbacks: ['gpt', 'offline'] }),
    ANALYST,
  ]
  const catalogue = { default: 'gpt', models }
  t.same(listIds(catalogue, 'gpt'), ['house', 'offline'])
  t.same(listIds(catalogue, 'house'), ['house', 'offline'])
  t.same(listIds(catalogue, 'claude'), [], 'the chain of a requested model has only its own fallbacks')
  t.same(listIds(catalogue, null), ['house', 'offline'])
  t.same(listIds(catalogue, 'gpt', 'amber+strict'), ['gpt', 'claude', 'house', 'offline'])
})

test('[TLP1] for a red event, a question that names no model takes the first chain with a model inside: of the rules, of the default, of the file', async (t) => {
  const choose_for = [{ source: ['edr'] }]
  const outside = [createModel('gpt', { choose_for }), createModel('claude')]
  const house = createModel('house', { inside: true })
  const byRule = createModel('rule', { inside: true, choose_for })
  t.same(listIds({ default: 'claude', models: [...outside, house, byRule] }, null), ['rule'])
  t.same(listIds({ default: 'house', models: [...outside, createModel('other', { inside: true }), house] }, null), [
    'house',
  ])
  t.same(listIds({ default: 'claude', models: [...outside, house] }, null), ['house'])
  t.same(listIds({ default: 'claude', models: outside }, null), [])
  t.same(listIds({ default: 'claude', models: outside, analyst: ANALYST }, 'gpt'), ['offline'], 'the analyst is inside')
  t.same(listIds({ default: 'claude', models: outside, analyst: ANALYST }, 'gpt', 'amber'), ['gpt', 'offline'])
})

test('[TLP1] [TLP2] [SPEND1] in 2,000 random catalogues no model outside is asked, a label is forbidden if no model remains, and the first model is a possible one', async (t) => {
  const random = createSeededRandom(17)
  let emptyChains = 0
  for (let round = 0; round < 2_000; round++) {
    const ids = ['a', 'b', 'c', 'd'].slice(0, 1 + random.below(4))
    const models = ids.map((id) =>
      createModel(id, {
        ...(random.next() < 0.3 && { inside: true }),
        ...(random.next() < 0.1 && { provider: 'offline' }),
        ...(random.next() < 0.3 && { choose_for: [{ source: [random.pick(['edr', 'siem'])] }] }),
        fallbacks: ids.filter((other) => other !== id && random.next() < 0.3),
      }),
    )
    const catalogue = { default: random.pick(ids), models, ...(random.next() < 0.2 && { analyst: ANALYST }) }
    const requestedId = random.pick([null, 'gone', ...ids])
    for (const tlp of TLP_LABELS) {
      const chain = listModelChain(catalogue, requestedId, { ...EVENT, tlp })
      if (chain.some((model) => !mayRead(model, tlp))) t.fail(JSON.stringify({ catalogue, requestedId, tlp }))
      if (listForbiddenTlp(catalogue, requestedId).includes(tlp) !== (chain.length === 0))
        t.fail(JSON.stringify({ catalogue, requestedId, tlp, chain }))
      if (chain.length === 0) emptyChains += 1
      const [firstModel] = chain
      const possibleFirstModels = listPossibleFirstModels(catalogue, requestedId, tlp)
      if (firstModel && firstModel !== ANALYST && !possibleFirstModels.includes(firstModel))
        t.fail(JSON.stringify({ catalogue, requestedId, tlp, firstModel, possibleFirstModels }))
    }
  }
  t.ok(emptyChains > 100, `${emptyChains} chains are empty`)
})
