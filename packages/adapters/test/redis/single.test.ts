import type { Redis } from 'ioredis'
import t from 'tap'
import { createSingleRedisUnderTest } from './redis-under-test.ts'
import { createChange, createProcesses, createRow, type LogLine, waitUntil, watchRoom } from './setup.ts'
import { proveEveryForm } from './suites/every-form.ts'

const redisUnderTest = createSingleRedisUnderTest()
proveEveryForm(t, redisUnderTest)

t.test('[HINT6] a command that Redis refuses throws nothing and is logged, once a minute', async (t) => {
  const redis = await redisUnderTest.startBreakable(t)
  const { start, openRaw, log } = createProcesses(t, redis.connector)
  const node = start('node')
  await watchRoom(node, 'e1')
  const probe = openRaw().client as Redis
  await probe.acl('SETUSER', 'default', '-publish')
  const isRefusal = ({ event }: LogLine) => event === 'EngineerChat.redis_refused'

  node.bus.publish(createChange(createRow('e1', 1)))
  await waitUntil(
    async () => log.lines.filter(isRefusal),
    (lines) => lines.length === 1,
  )
  node.bus.publish(createChange(createRow('e1', 2)))
  await probe.acl('SETUSER', 'default', '+publish')
  const hints = await watchRoom(node, 'e2')
  node.bus.publish(createChange(createRow('e2', 1)))

  t.match(await hints.next(), { type: 'change' }, 'the connection still works')
  t.strictSame(log.lines.filter(isRefusal), [{ level: 'error', event: 'EngineerChat.redis_refused' }])
  t.ok(log.reasons.includes('NOPERM'))
})
