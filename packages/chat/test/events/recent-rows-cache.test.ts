import t from 'tap'
import { type InboxRow, type InboxStore, NO_MARK } from '../../src/events/inbox/inbox-store.ts'
import { INBOX_LIMITS, RecentRowsCache } from '../../src/events/inbox/recent-rows-cache.ts'

const toRow = (event_id: string): InboxRow => ({
  event_id,
  position: 1,
  seq: 1,
  audience: 'all',
  user_id: 'writer',
  sender_type: 'user',
  message_type: 'chat',
  mentions: [],
  created_at: '2026-11-30T10:00:00.000Z',
  updated_at: '2026-11-30T10:00:00.000Z',
})
const countUnread = (cache: RecentRowsCache, event_id: string) => cache.find(event_id)?.count('reader', NO_MARK).unread

t.test('[INBOX5] a refresh does not drop a room that it was asked for, even if the cache is full', async (t) => {
  const store: Pick<InboxStore, 'readRows'> = {
    readRows: async (rooms) => rooms.map(({ event_id }) => toRow(event_id)),
  }
  const cache = new RecentRowsCache(store, { ...INBOX_LIMITS, maxCachedRooms: 2 })
  await cache.refresh([{ event_id: 'first', seq: 1 }])
  await cache.refresh([{ event_id: 'second', seq: 1 }])

  await cache.refresh([
    { event_id: 'first', seq: 1 },
    { event_id: 'third', seq: 1 },
  ])

  t.equal(countUnread(cache, 'first'), 1)
  t.equal(countUnread(cache, 'second'), undefined, 'the room that was refreshed longest ago is dropped')
  t.equal(countUnread(cache, 'third'), 1)
})

t.test('[INBOX5] a room that the refresh itself has dropped is read as a whole', async (t) => {
  let roomSeq = 3
  const store: Pick<InboxStore, 'readRows'> = {
    readRows: async (rooms) =>
      rooms.flatMap(({ event_id, after_seq }) =>
        Array.from({ length: roomSeq }, (_, index) => ({
          ...toRow(event_id),
          position: index + 1,
          seq: index + 1,
        })).filter(({ seq }) => seq > after_seq),
      ),
  }
  const cache = new RecentRowsCache(store, { ...INBOX_LIMITS, maxCachedRooms: 2, maxRoomsPerRead: 1 })
  await cache.refresh(['a', 'b'].map((event_id) => ({ event_id, seq: roomSeq })))

  roomSeq = 4
  await cache.refresh(['c', 'd', 'a', 'b'].map((event_id) => ({ event_id, seq: roomSeq })))

  t.same([countUnread(cache, 'a'), countUnread(cache, 'b')], [4, 4])
})

t.test('[INBOX5] while the newest rows of a room are read again, it still has its old ones', async (t) => {
  let nowMs = 0
  const reloaded = Promise.withResolvers<InboxRow[]>()
  const results = [Promise.resolve([toRow('room')]), reloaded.promise]
  let readCount = 0
  const readAgain = Promise.withResolvers<void>()
  const store = {
    readRows: () => {
      readCount += 1
      if (readCount === 2) readAgain.resolve()
      return results.shift() ?? Promise.resolve([])
    },
  }
  const cache = new RecentRowsCache(store, INBOX_LIMITS, () => nowMs)
  await cache.refresh([{ event_id: 'room', seq: 1 }])

  nowMs = INBOX_LIMITS.reloadIntervalMs + 1
  const refresh = cache.refresh([{ event_id: 'room', seq: 1 }])
  await readAgain.promise
  t.equal(countUnread(cache, 'room'), 1)

  reloaded.resolve([])
  await refresh
  t.equal(countUnread(cache, 'room'), 0, 'a row that was removed from the database is gone')
})
