import { createMemoryStores } from '@engineer-chat/chat/testing'
import t from 'tap'
import { indexChangedTexts } from '../src/index-changed-texts.ts'

/**
 * Creates stores with two rooms that are always listed as behind; each read resolves to false, so a run has one batch.
 * A read that `failing` lists, such as `texts second`, fails.
 */
function createFailingStores(failing: string[]) {
  const { indicators, textIndex } = createMemoryStores()
  const calls: string[] = []
  const createFollower = (name: string) => ({
    listRoomsBehind: async () => ['first', 'second'],
    deriveNextRows: async (event_id: string) => {
      calls.push(`${name} ${event_id}`)
      if (failing.includes(`${name} ${event_id}`)) throw new Error(`${name} ${event_id}`)
      return false
    },
  })
  const indexNextPieces = async () => {
    calls.push('pieces')
    return false
  }
  return {
    calls,
    indicators: { ...indicators, ...createFollower('indicators') },
    textIndex: { ...textIndex, ...createFollower('texts'), indexNextPieces },
  }
}

t.test('[RANK4] a failure in one room does not stop other rooms, the index of texts or the pieces', async (t) => {
  const stores = createFailingStores(['indicators first', 'texts second'])
  const failures: unknown[] = []
  await indexChangedTexts(stores, new AbortController().signal, (cause) => failures.push(cause))
  t.same(stores.calls, ['indicators first', 'indicators second', 'texts first', 'texts second', 'pieces'])
  t.same(failures.map(String), ['Error: indicators first', 'Error: texts second'])
})

t.test('[RANK4] after an abort no further batch begins', async (t) => {
  const stores = createFailingStores([])
  const stopping = new AbortController()
  let reads = 0
  const indicators = {
    ...stores.indicators,
    async deriveNextRows() {
      reads += 1
      stopping.abort()
      return true
    },
  }
  await indexChangedTexts({ ...stores, indicators }, stopping.signal, (cause) => t.fail(`${cause}`))
  t.equal(reads, 2, 'both rooms of the current batch are read')
  t.same(stores.calls, [])
})
