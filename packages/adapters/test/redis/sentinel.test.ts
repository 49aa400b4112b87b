import { startRedisSentinel } from '@engineer-chat/local-stack'
import t from 'tap'
import { createRedisSetUnderTest } from './redis-under-test.ts'
import { proveEveryForm } from './suites/every-form.ts'
import { proveTakeover } from './suites/takeover.ts'

t.setTimeout(480_000) // Several servers start before the first test.

const set = await startRedisSentinel()
t.teardown(() => set.stop())
const redisUnderTest = createRedisSetUnderTest(set)
proveEveryForm(t, redisUnderTest)
proveTakeover(t, redisUnderTest, set)
