import { createMysqlStores } from '@engineer-chat/adapters/mysql'
import { createId } from '@engineer-chat/chat/shared'
import { test } from 'tap'
import { countUpTo, createMigratedDatabase } from '../setup.ts'

const REPLIES = 100

test('[SLOT6] replies that look at once who is next share a read that began after they looked', async (t) => {
  const mysql = (await createMigratedDatabase(t)).openNode()
  const { replies } = createMysqlStores(mysql)
  const capacity = { maxConcurrent: 10, requestsPerMinute: null, tokensPerMinute: null }
  const [model, other] = [createId(), createId()].map((id) => ({ id, capacity }))
  if (!model || !other) throw new Error('There are two models.')
  const queries = t.capture(mysql.pool, 'query', mysql.pool.query)
  const first = replies.findSlotFacts(model)
  t.equal(queries.args().length, 1, 'the first reads at once')
  const found = await Promise.all([first, ...countUpTo(REPLIES).map(() => replies.findSlotFacts(model))])
  t.strictSame(new Set(found.map(({ slots, waiting }) => slots.length + waiting.length)), new Set([0]))
  t.equal(queries.args().length, 3, 'it reads its second statement, and all that came later share two')

  await Promise.all([replies.findSlotFacts(model), replies.findSlotFacts(other)])
  const askedModels = queries.args().map(([, values]) => (Array.isArray(values) ? values[0] : undefined))
  t.equal(askedModels.filter((id) => id === other.id).length, 2, 'models are not mixed up')
})
