import t from 'tap'
import { survivesTakeovers } from './takeover.ts'

t.test('[CHAOS6] primaries die and hang, slots move: no promise is broken', { timeout: 300_000 }, async (t) => {
  const { notes } = await survivesTakeovers(t, 'cluster')
  t.equal(notes.filter((note) => note.endsWith('slots moved')).length, 1)
})
