import type { RoomChange } from '@engineer-chat/chat/shared'
import t from 'tap'
import { EarlyChanges } from '../../src/sockets/room/early-changes.ts'

const createChange = (seq: number): RoomChange => ({ event_id: 'e', first_seq: seq, seq, rows: [] })

t.test(
  '[WS4] a hint that arrives while MySQL is read is kept, because the read may not contain its change',
  async (t) => {
    const earlyChanges = new EarlyChanges()
    earlyChanges.add(createChange(3))
    const hintsBeforeRead = earlyChanges.listAll()
    earlyChanges.add(createChange(5))
    earlyChanges.removeAll(hintsBeforeRead)
    t.match(earlyChanges.findNext(4), { seq: 5 })
  },
)
