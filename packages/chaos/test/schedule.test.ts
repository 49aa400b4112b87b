import t from 'tap'
import { describeFault, type Fault } from '../src/faults/fault.ts'
import { createSchedule } from '../src/faults/schedule.ts'
import { createRandom } from '../src/random.ts'
import type { RedisTopology } from '../src/testbed/redis.ts'

const options = { apis: 3, workers: 3, lengthMs: 600_000 }
const describeSchedule = (seed: number) => createSchedule(createRandom(seed), options).map(describeFault)

t.test('[CHAOS2] the same seed gives the same schedule, and another seed gives another schedule', async (t) => {
  t.same(describeSchedule(7), describeSchedule(7))
  t.notSame(describeSchedule(7), describeSchedule(8))
  const faultTypes = new Set(createSchedule(createRandom(7), options).map(({ fault }) => fault.type))
  t.equal(
    faultTypes.size,
    10,
    'a schedule of ten minutes has each of the 10 types of fault that are planned for a single Redis',
  )
  const linkFaults = createSchedule(createRandom(7), options).flatMap(({ fault }) =>
    fault.type === 'link' ? [fault.fault] : [],
  )
  t.equal(new Set(linkFaults).size, 4, 'links break in each of the four ways')
})

t.test('[CHAOS2] a schedule of at least a minute has a deploy, and its faults are sorted by time', async (t) => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const plannedFaults = createSchedule(createRandom(seed), { ...options, lengthMs: 60_000 })
    t.ok(
      plannedFaults.some(({ fault }) => fault.type === 'deploy'),
      `seed ${seed}`,
    )
    const times = plannedFaults.map(({ startMs }) => startMs)
    t.same(
      times,
      times.toSorted((a, b) => a - b),
    )
  }
})

t.test(
  '[CHAOS2] Sentinel and a cluster get additional faults, and a single Redis, which is the default, gets none',
  async (t) => {
    const createFaults = (redis: RedisTopology) =>
      createSchedule(createRandom(7), { ...options, redis }).map(({ fault }) => fault)
    t.same(
      createFaults('single'),
      createSchedule(createRandom(7), options).map(({ fault }) => fault),
    )
    const listLinks = (faults: Fault[]) => faults.flatMap((fault) => (fault.type === 'link' ? [fault.link] : []))
    t.ok(listLinks(createFaults('single')).some((link) => link.endsWith('→redis')))
    t.notOk(listLinks(createFaults('single')).some((link) => /→(redis|sentinel)-/.test(link)))
    for (const redis of ['sentinel', 'cluster'] as const) {
      t.ok(
        listLinks(createFaults(redis)).some((link) => link.endsWith('→redis')),
        'all links to Redis together',
      )
      t.ok(
        listLinks(createFaults(redis)).some((link) => link.endsWith('→redis-2')),
        'only the link to one server',
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

t.test(
  '[CHAOS2] in a long schedule all servers of Redis hang once and are stopped once, in either order, without other faults',
  async (t) => {
    const orders = new Set<string>()
    for (let seed = 1; seed <= 50; seed += 1) {
      const plannedFaults = createSchedule(createRandom(seed), options)
      const outages = plannedFaults.filter(({ fault }) => fault.type === 'redis-away')
      const kinds = outages.flatMap(({ fault }) => (fault.type === 'redis-away' ? [fault.kind] : []))
      t.same(kinds.toSorted(), ['hang', 'stop'], `seed ${seed}`)
      orders.add(kinds.join(', '))
      for (const { startMs, durationMs } of outages) {
        t.ok(durationMs >= 90_000 && startMs + durationMs <= options.lengthMs, `${durationMs} ms`)
        const overlapping = plannedFaults.filter(
          (other) => other.startMs + other.durationMs > startMs && other.startMs < startMs + durationMs,
        )
        t.equal(overlapping.length, 1, 'only the outage itself')
      }
      t.ok(plannedFaults.some(({ fault }) => fault.type === 'deploy'))
    }
    t.equal(orders.size, 2, 'some seeds begin with a hanging Redis, others with a stopped one')
    const short = createSchedule(createRandom(7), { ...options, lengthMs: 240_000 })
    t.notOk(
      short.some(({ fault }) => fault.type === 'redis-away'),
      'a schedule of four minutes has no outage',
    )
  },
)

/**
 * `planBusyModel` draws only these faults, and no other planner draws them. With 429 the model is busy, too, but
 * `planUsualFaults` draws it, so a short schedule may have it.
 */
const BUSY_TIME_FAULTS = ['503', 'limited'] as const

t.test('[CHAOS2] a schedule of at least a minute also has busy times of the model', async (t) => {
  const listLlmFaults = (lengthMs: number) =>
    createSchedule(createRandom(7), { ...options, lengthMs }).flatMap(({ fault }) =>
      fault.type === 'llm' ? [fault.fault] : [],
    )
  t.same(new Set(listLlmFaults(600_000)), new Set(['hang', 'cut', '429', '500', ...BUSY_TIME_FAULTS]))
  t.notOk(listLlmFaults(59_999).some((fault) => BUSY_TIME_FAULTS.some((busyFault) => busyFault === fault)))
})
