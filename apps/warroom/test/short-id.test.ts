import { createId } from '@engineer-chat/chat/shared'
import t from 'tap'
import { toShortId } from '../src/state/people/short-id.ts'

t.test('[ROOM24] users that were created in the same minute have different short ids', async (t) => {
  const ids = Array.from({ length: 20 }, createId)
  t.equal(new Set(ids.map(toShortId)).size, ids.length)
})

t.test('[ROOM24] an id that is not longer than a short id stays whole', async (t) => {
  t.equal(toShortId('u-1'), 'u-1')
})
