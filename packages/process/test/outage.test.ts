import { createOutageReporter } from '@engineer-chat/process/outage'
import t from 'tap'

t.test('[PROC4] an outage is reported once at its start and once at its end, and not after `stop`', async (t) => {
  const reports: unknown[] = []
  const outage = createOutageReporter({
    onLost: (cause) => reports.push(cause),
    onRestored: () => reports.push('back'),
  })
  outage.markRestored()
  outage.markLost('first')
  outage.markLost('second')
  outage.markRestored()
  outage.markRestored()
  outage.markLost('third')
  outage.stop()
  outage.markRestored()
  outage.markLost('fourth')
  t.same(reports, ['first', 'back', 'third'])
})
