import t from 'tap'
import type { RedisForm } from '../src/cluster/redis.ts'
import { createSchedule, describe, type Fault } from '../src/faults/schedule.ts'
import { createRandom } from '../src/random.ts'

const shape = { apis: 3, workers: 3, length_ms: 600_000 }
const schedule = (seed: number) => createSchedule(createRandom(seed), shape).map(describe)

t.test('[CHAOS2] the same seed gives the same schedule, another seed another one', async (t) => {
  t.same(schedule(7), schedule(7))
  t.notSame(schedule(7), schedule(8))
  const kinds = new Set(createSchedule(createRandom(7), shape).map(({ fault }) => fault.type))
  t.equal(kinds.size, 9, 'ten minutes have every kind of fault')
  const links = createSchedule(createRandom(7), shape).flatMap(({ fault }) =>
    fault.type === 'link' ? [fault.fault] : [],
  )
  t.equal(new Set(links).size, 4, 'and links break in every way')
})

t.test('[CHAOS2] a minute and more has a deploy, in order of time', async (t) => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const planned = createSchedule(createRandom(seed), { ...shape, length_ms: 60_000 })
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

t.test('[CHAOS2] Sentinel and a cluster are hit where they are different, and one Redis as ever', async (t) => {
  const of = (redis: RedisForm) => createSchedule(createRandom(7), { ...shape, redis }).map(({ fault }) => fault)
  t.same(
    of('single'),
    createSchedule(createRandom(7), shape).map(({ fault }) => fault),
  )
  const links = (faults: Fault[]) => faults.flatMap((fault) => (fault.type === 'link' ? [fault.link] : []))
  t.ok(links(of('single')).some((link) => link.endsWith('→redis')))
  t.notOk(links(of('single')).some((link) => /→(redis|sentinel)-/.test(link)))
  for (const redis of ['sentinel', 'cluster'] as const) {
    t.ok(
      links(of(redis)).some((link) => link.endsWith('→redis')),
      'all ways to it at once',
    )
    t.ok(
      links(of(redis)).some((link) => link.endsWith('→redis-2')),
      'and one alone',
    )
    t.equal(
      links(of(redis)).some((link) => link.includes('→sentinel-')),
      redis === 'sentinel',
    )
    const moves = of(redis).filter(({ type }) => type === 'move-slots').length
    t.equal(moves > 0, redis === 'cluster')
  }
})
