import t from 'tap'
import { describe, scheduleOf } from '../src/faults/schedule.ts'
import { seeded } from '../src/random.ts'

const shape = { apis: 3, workers: 3, length_ms: 600_000 }
const schedule = (seed: number) => scheduleOf(seeded(seed), shape).map(describe)

t.test('[CHAOS2] the same seed gives the same schedule, another seed another one', async (t) => {
  t.same(schedule(7), schedule(7))
  t.notSame(schedule(7), schedule(8))
  const kinds = new Set(scheduleOf(seeded(7), shape).map(({ fault }) => fault.type))
  t.equal(kinds.size, 9, 'ten minutes have every kind of fault')
  const links = scheduleOf(seeded(7), shape).flatMap(({ fault }) => (fault.type === 'link' ? [fault.fault] : []))
  t.equal(new Set(links).size, 4, 'and links break in every way')
})
