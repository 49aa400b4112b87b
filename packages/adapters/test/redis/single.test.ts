import t from 'tap'
import { createSingleRedisUnderTest } from './redis-under-test.ts'
import { proveEveryForm } from './suites/every-form.ts'

proveEveryForm(t, createSingleRedisUnderTest())
