import { startServerClock } from '@engineer-chat/adapters/mysql'
import { test } from 'tap'
import { createMigratedDatabase } from '../setup.ts'

test('[METRIC2] times come from MySQL’s clock, even if this machine’s clock is wrong', async (t) => {
  const { pool } = (await createMigratedDatabase(t)).openNode()
  const { now } = Date
  t.intercept(Date, 'now', { value: () => now() - 60_000 }) // This machine is a minute behind.
  const clock = startServerClock({ pool })
  t.teardown(() => clock.close())
  while (clock.getOffsetMs() === 0) await pool.query('SELECT 1')
  t.ok(Math.abs(clock.getOffsetMs() - 60_000) < 1_000, String(clock.getOffsetMs()))
  t.ok(Math.abs(clock.now() - now()) < 1_000)
})
