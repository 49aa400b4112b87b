import t from 'tap'
import { createSingleRedisUnderTest } from './redis-under-test.ts'
import { everyFormSuite } from './suites/every-form.ts'

everyFormSuite(t, createSingleRedisUnderTest())
