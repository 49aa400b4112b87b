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

t.test('[CHAOS2] a minute and more has a deploy, in order of time', async (t) => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const planned = scheduleOf(seeded(seed), { ...shape, length_ms: 60_000 })
    t.ok(
      planned.some(({ fault }) => fault.type === 'deploy'),
      `seed ${seed}`,
    )
    const times = planned.map(({ at_ms }) => at_ms)
    t.same(
      times,
      times.toSorted((a, b) => a - b),
    )
  }
})
