import { startRedisCluster } from '@engineer-chat/local-stack'
import t from 'tap'
import { createRedisSetUnderTest } from './redis-under-test.ts'
import { everyFormSuite } from './suites/every-form.ts'
import { migrationSuite, takeoverSuite } from './suites/takeover.ts'

t.setTimeout(240_000) // Several servers start before the first test.

const set = await startRedisCluster()
t.teardown(() => set.stop())
const under = createRedisSetUnderTest(set)
everyFormSuite(t, under)
takeoverSuite(t, under, set)
migrationSuite(t, under, set)
