import t from 'tap'
import { single } from '../redis-under-test.ts'
import { countsSuite } from './suites/counts.ts'
import { hintsSuite } from './suites/hints.ts'
import { liveSuite } from './suites/live.ts'

const under = single()
hintsSuite(t, under)
liveSuite(t, under)
countsSuite(t, under)
