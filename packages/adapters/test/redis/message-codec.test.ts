import type { RoomChange, StoredMessage } from '@engineer-chat/chat/shared'
import t from 'tap'
import { decodeMessage, encodeChange } from '../../src/redis/pubsub/message-codec.ts'
import { createRow } from './setup.ts'

const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`

const createChange = (row: StoredMessage): RoomChange => ({
  event_id: 'e1',
  first_seq: 1,
  seq: 1,
  rows: [row],
  traceparent,
})

t.test('[OTEL1] a change carries its trace, also if its rows are not sent through Redis', async (t) => {
  const row = createRow('e1', 1)
  for (const audience of ['all', 'a-user'])
    t.match(decodeMessage(encodeChange(createChange({ ...row, audience })), 'e1'), {
      hint: { change: { traceparent } },
    })
  const { traceparent: _, ...untraced } = createChange(row)
  t.equal(decodeMessage(encodeChange(untraced), 'e1')?.hint.type, 'change', 'as a node without traces sends it')
})

t.test('[OTEL1] a traceparent that is not a text makes a hint malformed', async (t) => {
  const change = JSON.stringify({ type: 'change', change: { ...createChange(createRow('e1', 1)), traceparent: 7 } })
  t.equal(decodeMessage(change, 'e1'), undefined)
})
