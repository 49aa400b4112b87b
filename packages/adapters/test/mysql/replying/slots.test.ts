import { createMysqlStores } from '@engineer-chat/adapters/mysql'
import { createId } from '@engineer-chat/chat/shared'
import { test } from 'tap'
import { countUpTo, createMigratedDatabase } from '../setup.ts'

const REPLIES = 100

test('[SLOT6] replies that check their turn at the same time share a read that begins after their checks', async (t) => {
  const mysql = (await createMigratedDatabase(t)).openNode()
  const { replies } = createMysqlStores(mysql)
  const capacity = { maxConcurrent: 10, requestsPerMinute: null, tokensPerMinute: null }
  const [model, otherModel] = [createId(), createId()].map((id) => ({ id, capacity }))
  if (!model || !otherModel) throw new Error('A model is missing.')
  const queries = t.capture(mysql.pool, 'query', mysql.pool.query)
  const firstRead = replies.findSlotFacts(model)
  t.equal(queries.args().length, 1, 'the first reply reads immediately')
  const facts = await Promise.all([firstRead, ...countUpTo(REPLIES).map(() => replies.findSlotFacts(model))])
  t.strictSame(new Set(facts.map(({ slots, waiting }) => slots.length + waiting.length)), new Set([0]))
  t.equal(
    queries.args().length,
    3,
    'the first reply sends its second statement, and all later checks share two statements',
  )

  await Promise.all([replies.findSlotFacts(model), replies.findSlotFacts(otherModel)])
  const askedModels = queries.args().map(([, values]) => (Array.isArray(values) ? values[0] : undefined))
  t.equal(askedModels.filter((id) => id === otherModel.id).length, 2, 'each model has its own reads')
})
