import t from 'tap'
import { survivesTakeovers } from './takeover.ts'

t.test(
  '[CHAOS6] a primary dies and hangs, Sentinels replace it: no promise is broken',
  { timeout: 300_000 },
  async (t) => {
    await survivesTakeovers(t, 'sentinel')
  },
)
