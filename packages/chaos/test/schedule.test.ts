import t from 'tap'
import type { RedisForm } from '../src/cluster/redis.ts'
import { createSchedule, describeFault, type Fault } from '../src/faults/schedule.ts'
import { createRandom } from '../src/random.ts'

const shape = { apis: 3, workers: 3, lengthMs: 600_000 }
const describeSchedule = (seed: number) => createSchedule(createRandom(seed), shape).map(describeFault)

t.test('[CHAOS2] the same seed gives the same schedule, and another seed gives another one', async (t) => {
  t.same(describeSchedule(7), describeSchedule(7))
  t.notSame(describeSchedule(7), describeSchedule(8))
  const kinds = new Set(createSchedule(createRandom(7), shape).map(({ fault }) => fault.type))
  t.equal(kinds.size, 9, 'ten minutes have every kind of fault')
  const links = createSchedule(createRandom(7), shape).flatMap(({ fault }) =>
    fault.type === 'link' ? [fault.fault] : [],
  )
  t.equal(new Set(links).size, 4, 'and links break in every way')
})

t.test('[CHAOS2] a schedule of at least a minute has a deploy, and its faults are sorted by time', async (t) => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const planned = createSchedule(createRandom(seed), { ...shape, lengthMs: 60_000 })
    t.ok(
      planned.some(({ fault }) => fault.type === 'deploy'),
      `seed ${seed}`,
    )
    const times = planned.map(({ startMs }) => startMs)
    t.same(
      times,
      times.toSorted((a, b) => a - b),
    )
  }
})

t.test(
  '[CHAOS2] Sentinel and a cluster get faults of their own, and a single Redis gets only the usual ones',
  async (t) => {
    const createFaults = (redis: RedisForm) =>
      createSchedule(createRandom(7), { ...shape, redis }).map(({ fault }) => fault)
    t.same(
      createFaults('single'),
      createSchedule(createRandom(7), shape).map(({ fault }) => fault),
    )
    const listLinks = (faults: Fault[]) => faults.flatMap((fault) => (fault.type === 'link' ? [fault.link] : []))
    t.ok(listLinks(createFaults('single')).some((link) => link.endsWith('→redis')))
    t.notOk(listLinks(createFaults('single')).some((link) => /→(redis|sentinel)-/.test(link)))
    for (const redis of ['sentinel', 'cluster'] as const) {
      t.ok(
        listLinks(createFaults(redis)).some((link) => link.endsWith('→redis')),
        'all links to Redis at once',
      )
      t.ok(
        listLinks(createFaults(redis)).some((link) => link.endsWith('→redis-2')),
        'and one link alone',
      )
      t.equal(
        listLinks(createFaults(redis)).some((link) => link.includes('→sentinel-')),
        redis === 'sentinel',
      )
      const moves = createFaults(redis).filter(({ type }) => type === 'move-slots').length
      t.equal(moves > 0, redis === 'cluster')
    }
  },
)
