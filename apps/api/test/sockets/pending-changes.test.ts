import type { RoomChange } from '@engineer-chat/chat/shared'
import t from 'tap'
import { PendingChanges } from '../../src/sockets/room/pending-changes.ts'

const createChange = (seq: number): RoomChange => ({ event_id: 'e', first_seq: seq, seq, rows: [] })

t.test(
  '[WS4] a hint that arrives while MySQL is read is kept, because the read may not contain its change',
  async (t) => {
    const pendingChanges = new PendingChanges()
    pendingChanges.add(createChange(3))
    const hintsBeforeRead = pendingChanges.listAll()
    pendingChanges.add(createChange(5))
    pendingChanges.removeAll(hintsBeforeRead)
    t.match(pendingChanges.findNext(4), { seq: 5 })
  },
)
