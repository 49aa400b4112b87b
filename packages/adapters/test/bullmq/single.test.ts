import t from 'tap'
import { createSingleRedisUnderTest } from '../redis/redis-under-test.ts'
import { proveQueue } from './suites/queue.ts'

const redisUnderTest = createSingleRedisUnderTest()
proveQueue(t, redisUnderTest)
