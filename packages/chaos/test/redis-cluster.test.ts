import t from 'tap'
import { checkTakeovers } from './takeover.ts'

t.test(
  '[CHAOS6] the product keeps its promises while primaries of a cluster die and hang, and while hash slots move',
  { timeout: 300_000 },
  async (t) => {
    const { notes } = await checkTakeovers(t, 'cluster', 'stop')
    t.equal(notes.filter((note) => note.endsWith('hash slots moved')).length, 1)
  },
)
