import t from 'tap'
import { checkTakeovers } from './takeover.ts'

t.test(
  '[CHAOS6] the product keeps its promises while a primary dies, the next one hangs, and the Sentinels replace both',
  { timeout: 300_000 },
  async (t) => {
    await checkTakeovers(t, 'sentinel', 'hang')
  },
)
