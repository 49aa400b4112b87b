import { createMemoryStores } from '@engineer-chat/chat/testing'
import t from 'tap'
import { followAllRooms } from '../src/follow-rooms.ts'

/** Stores in which one room is behind for ever, and in which reading some of the rooms fails. */
function createFailingStores(failing: string[]) {
  const { indicators, textIndex } = createMemoryStores()
  const done: string[] = []
  const createFollower = (name: string) => ({
    listRoomsBehind: async () => ['first', 'second'],
    readNextMessages: async (event_id: string) => {
      done.push(`${name} ${event_id}`)
      if (failing.includes(`${name} ${event_id}`)) throw new Error(`${name} ${event_id}`)
      return false
    },
  })
  const indexNextPieces = async () => {
    done.push('pieces')
    return false
  }
  return {
    done,
    indicators: { ...indicators, ...createFollower('indicators') },
    textIndex: { ...textIndex, ...createFollower('texts'), indexNextPieces },
  }
}

t.test('[RANK4] a room that cannot be read delays no other room, nor what else is derived', async (t) => {
  const stores = createFailingStores(['indicators first', 'texts second'])
  const failures: unknown[] = []
  await followAllRooms(stores, new AbortController().signal, (cause) => failures.push(cause))
  t.same(stores.done, ['indicators first', 'indicators second', 'texts first', 'texts second', 'pieces'])
  t.match(failures, [{ message: 'indicators first' }, { message: 'texts second' }])
})

t.test('[RANK4] a worker that is told to stop begins no further turn', async (t) => {
  const stores = createFailingStores([])
  const stopping = new AbortController()
  let turns = 0
  const indicators = {
    ...stores.indicators,
    async readNextMessages() {
      turns += 1
      stopping.abort()
      return true
    },
  }
  await followAllRooms({ ...stores, indicators }, stopping.signal, (cause) => t.fail(`${cause}`))
  t.equal(turns, 2, 'the rooms of one turn')
  t.same(stores.done, [])
})
