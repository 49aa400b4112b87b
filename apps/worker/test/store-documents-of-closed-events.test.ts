import { readConfig, WORKER_SECTIONS } from '@engineer-chat/adapters/environment'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import t from 'tap'
import { storeDocumentsOfClosedEvents } from '../src/store-documents-of-closed-events.ts'

const { documents: LIMITS } = readConfig(
  { DATABASE_URL: 'mysql://nobody@127.0.0.1:1/none', REDIS_URL: 'redis://127.0.0.1:1' },
  WORKER_SECTIONS,
)
const log = { info() {}, warn() {}, error() {} }

t.test('[DOC16] a stop ends the run after the current batch of closed events', async (t) => {
  const { closedEvents, documents } = createMemoryStores()
  const stopping = new AbortController()
  let batches = 0
  const stores = {
    documents,
    closedEvents: {
      ...closedEvents,
      // Each batch is full, so more events remain. The events have been removed since.
      async listPending(limit: number) {
        batches += 1
        if (batches === 2) stopping.abort()
        return Array.from({ length: limit }, (_, index) => ({ event_id: `${batches}-${index}`, seq: 1 }))
      },
      find: async () => undefined,
      markDone: async () => {},
    },
  }
  await storeDocumentsOfClosedEvents(stores, LIMITS, log, stopping.signal)
  t.equal(batches, 2)
})
