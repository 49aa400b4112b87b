import t from 'tap'
import { createSingleRedisUnderTest } from '../redis/redis-under-test.ts'
import { queueSuite } from './suites/queue.ts'

const under = createSingleRedisUnderTest()
queueSuite(t, under)
