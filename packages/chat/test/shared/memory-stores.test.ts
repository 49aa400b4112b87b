import { createMemoryStores, storesContract } from '@engineer-chat/chat/testing'
import { test } from 'tap'

test('the memory stores keep the stores’ contract', async (t) => {
  await storesContract(t, async (_, budgets) => {
    const stores = createMemoryStores({ ...(budgets && { budgets }) })
    return {
      stores,
      expireLease: async (message_id, agoMs) => stores.expireLease(message_id, agoMs),
      async makeOlder(message_id, byMs) {
        const reply = stores.data.messages.get(message_id)?.reply
        if (reply) reply.accepted_at -= byMs
      },
      advanceClock() {},
    }
  })
})
