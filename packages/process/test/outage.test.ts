import { createOutage } from '@engineer-chat/process/outage'
import t from 'tap'

t.test(
  '[PROC4] an outage is reported once when it begins and once when it ends, and not after the close',
  async (t) => {
    const told: unknown[] = []
    const outage = createOutage({ lost: (cause) => told.push(cause), back: () => told.push('back') })
    outage.back()
    outage.lost('first')
    outage.lost('second')
    outage.back()
    outage.back()
    outage.lost('third')
    outage.stop()
    outage.back()
    outage.lost('fourth')
    t.same(told, ['first', 'back', 'third'])
  },
)
