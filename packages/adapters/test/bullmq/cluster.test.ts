import { startRedisCluster } from '@engineer-chat/local-stack'
import t from 'tap'
import { createRedisSetUnderTest } from '../redis/redis-under-test.ts'
import { proveQueue, proveQueueTakeover } from './suites/queue.ts'

t.setTimeout(240_000) // Several servers start before the first test.

const set = await startRedisCluster()
t.teardown(() => set.stop())
const redisUnderTest = createRedisSetUnderTest(set)
proveQueue(t, redisUnderTest)
proveQueueTakeover(t, redisUnderTest, set)
