import { estimateReservation } from '@engineer-chat/chat/budgets'
import { type Catalogue, listModelChain, type ModelEntry } from '@engineer-chat/chat/models'
import { test } from 'tap'

const model = (id: string, more: Partial<ModelEntry> = {}): ModelEntry => ({
  id,
  provider: 'openai-compatible',
  context_window: null,
  max_tokens: null,
  prices: null,
  choose_for: [],
  fallbacks: [],
  ...more,
})

const event = {
  severity: 'high',
  source: 'EDR',
  event_name: 'Beacon from WS-042',
  message: 'The APT41 implant calls home; 勒索软件 was seen.',
  context: '',
} as const

const catalogue: Catalogue = {
  default: 'general',
  models: [
    model('finance', { choose_for: [{ source: ['core-banking'] }] }),
    model('hunter', {
      choose_for: [{ severity: ['critical'] }, { words: ['apt41'], source: ['edr'] }],
      fallbacks: ['general', 'offline', 'general', 'hunter'],
    }),
    model('general', { fallbacks: ['offline'] }),
    model('offline', { provider: 'offline' }),
  ],
}
const ids = (asked: string | null, more: object = {}) =>
  listModelChain(catalogue, asked, { ...event, ...more }).map(({ id }) => id)

test('[LLM3] the model that was asked for, else the first whose rules the event meets, else the default; then its fallbacks', async (t) => {
  t.same(ids('general'), ['general', 'offline'])
  t.same(ids(null), ['hunter', 'general', 'offline'], 'each once')
  t.same(ids(null, { source: 'Core-Banking' }), ['finance'])
  t.same(ids(null, { message: 'nothing' }), ['general', 'offline'])
  t.same(ids(null, { message: 'nothing', severity: 'critical' }), ['hunter', 'general', 'offline'])
  t.same(
    ids('gone', { message: 'nothing' }),
    ['general', 'offline'],
    'a model that is gone since the question was asked',
  )
})

test('[LLM3] words are whole ones, in any case; where words have no spaces, in any place', async (t) => {
  const chosen = (words: string[], message: string) =>
    listModelChain({ default: 'b', models: [model('a', { choose_for: [{ words }] }), model('b')] }, null, {
      ...event,
      message,
    })[0]?.id
  t.equal(chosen(['ransomware'], 'A Ransomware note.'), 'a')
  t.equal(chosen(['ware'], 'A ransomware note.'), 'b')
  t.equal(chosen(['勒索'], '发现勒索软件。'), 'a')
  t.equal(chosen(['c++ (x)'], 'built in C++ (x).'), 'a', 'its characters mean themselves')
  t.equal(chosen(['.*'], 'anything'), 'b')
})

test('[SPEND1] a question holds what the dearest model takes that may answer it first', async (t) => {
  const paid = (id: string, max_tokens: number, price: number, more: Partial<ModelEntry> = {}) =>
    model(id, { max_tokens, prices: { prompt: price, completion: 2 * price }, ...more })
  const models = [
    paid('small', 1_000, 1),
    paid('chosen', 2_000, 3, { choose_for: [{ severity: ['critical'] }], context_window: 8_000 }),
    paid('never', 50_000, 100),
    model('offline', { provider: 'offline' }),
  ]
  const held = (asked: string | null) => estimateReservation({ default: 'small', models }, asked)
  t.same(held('small'), { tokens: 16_384 + 1_000, micros: 16_384 + 2_000 })
  t.same(held('offline'), { tokens: 0, micros: 0 })
  t.same(held(null), { tokens: 17_384, micros: 8_000 * 3 + 2_000 * 6 })
})
