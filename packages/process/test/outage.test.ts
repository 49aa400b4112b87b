import { createOutage } from '@engineer-chat/process/outage'
import t from 'tap'

t.test(
  '[PROC4] an outage is reported once when it begins and once when it ends, and not after the close',
  async (t) => {
    const reports: unknown[] = []
    const outage = createOutage({ lost: (cause) => reports.push(cause), back: () => reports.push('back') })
    outage.back()
    outage.lost('first')
    outage.lost('second')
    outage.back()
    outage.back()
    outage.lost('third')
    outage.stop()
    outage.back()
    outage.lost('fourth')
    t.same(reports, ['first', 'back', 'third'])
  },
)
