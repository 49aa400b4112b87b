import { startRedisSentinel } from '@engineer-chat/local-stack'
import t from 'tap'
import { ofSet } from '../redis-under-test.ts'
import { countsSuite } from './suites/counts.ts'
import { hintsSuite } from './suites/hints.ts'
import { liveSuite } from './suites/live.ts'
import { takeoverSuite } from './suites/takeover.ts'

const set = await startRedisSentinel()
t.teardown(() => set.stop())
const under = ofSet(set)
hintsSuite(t, under)
liveSuite(t, under)
countsSuite(t, under)
takeoverSuite(t, under, set)
