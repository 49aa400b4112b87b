import t from 'tap'
import { single } from './redis-under-test.ts'
import { everyFormSuite } from './suites/every-form.ts'

everyFormSuite(t, single())
