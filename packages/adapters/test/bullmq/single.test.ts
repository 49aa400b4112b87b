import t from 'tap'
import { single } from '../redis/redis-under-test.ts'
import { queueSuite } from './suites/queue.ts'

const under = single()
queueSuite(t, under)
