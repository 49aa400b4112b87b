import t from 'tap'
import { postMessage } from '../../src/rooms/index.ts'
import { anEvent } from '../../testing/contracts/harness.ts'
import { createMemoryHints, createMemoryStores } from '../../testing/index.ts'

const ADA = { user_id: 'u-ada', role: 'engineer' } as const

t.test('[STORE12] an author who has become an observer gets the stored message for the key', async (t) => {
  const stores = createMemoryStores()
  await stores.users.create({ ...ADA, username: 'ada', password_hash: 'x' })
  const { event_id } = await anEvent(stores)
  const hints = createMemoryHints()
  const ctx = { ...stores, bus: hints.bus, queue: hints.queue }
  const post = (client_message_id: string, message = 'Host 7 is isolated.') =>
    postMessage(ctx, ADA, { event_id, message, client_message_id })
  const first = await post('k-1')
  await stores.events.putMember(event_id, ADA.user_id, 'observer')

  t.same(await post('k-1'), first)

  await t.rejects(post('k-2'), { code: 'forbidden' }, 'a new message is refused')
  await t.rejects(post('k-1', 'Another text.'), { code: 'idempotency_mismatch' })
})
