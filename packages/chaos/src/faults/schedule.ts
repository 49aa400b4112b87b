import type { Random, Weighted } from '../random.ts'
import { REDIS_SERVERS, type RedisTopology } from '../testbed/redis.ts'
import type { Fault, PlannedFault } from './fault.ts'
import { planRedisOutages, removeOverlappingFaults } from './redis-outages.ts'

/** Lists the additional faults of a Redis with replicas. */
const REPLICATED_REDIS_FAULTS: Record<RedisTopology, Array<Weighted<() => Fault>>> = {
  single: [],
  sentinel: [
    [4, () => ({ type: 'restart', server: 'redis' })],
    [3, () => ({ type: 'freeze-server', server: 'redis' })],
  ],
  cluster: [
    [4, () => ({ type: 'restart', server: 'redis' })],
    [3, () => ({ type: 'freeze-server', server: 'redis' })],
    [3, () => ({ type: 'move-slots' })],
  ],
}

export interface ScheduleOptions {
  apis: number
  workers: number
  redis?: RedisTopology
  /** Every fault begins within this time. */
  lengthMs: number
}

const MIN_GAP_MS = 300
const MAX_GAP_MS = 3_500
const MIN_DURATION_MS = 200
const MAX_DURATION_MS = 5_000
/** One in ten of the usual faults, and each busy time of the model, may last up to this time. */
const RARE_MAX_DURATION_MS = 12_000
/** A schedule of at least this length has a deploy. */
const MIN_LENGTH_WITH_DEPLOY_MS = 60_000
/** A schedule of at least this length has times in which the model is busy and refuses calls. */
const MIN_LENGTH_WITH_BUSY_MODEL_MS = 60_000
const BUSY_MODEL_MAX_GAP_MS = 40_000
/** A skewed clock is ahead or behind by at most this number of minutes. */
const MAX_SKEW_MINUTES = 60

/**
 * Plans all faults of a run. The same seed and options give the same schedule. Outages and busy times are drawn from
 * branches of the generator, so they do not change which other faults are drawn. Faults that would overlap an outage
 * are removed.
 */
export function createSchedule(random: Random, options: ScheduleOptions): PlannedFault[] {
  const { lengthMs } = options
  const outages = planRedisOutages(random.branch('redis away'), lengthMs)
  const busyTimes = planBusyModel(random.branch('busy model'), lengthMs)
  const plannedFaults = removeOverlappingFaults(outages, [...planUsualFaults(random, options), ...busyTimes])
  return [...plannedFaults, ...outages].sort((a, b) => a.startMs - b.startMs)
}

/** Plans busy times, in which the model refuses all calls, or all except a few concurrent ones. */
function planBusyModel(random: Random, lengthMs: number): PlannedFault[] {
  if (lengthMs < MIN_LENGTH_WITH_BUSY_MODEL_MS) return []
  const plannedFaults: PlannedFault[] = []
  for (let startMs = random.drawInteger(0, BUSY_MODEL_MAX_GAP_MS); startMs < lengthMs; ) {
    const durationMs = random.drawInteger(MAX_DURATION_MS, RARE_MAX_DURATION_MS)
    plannedFaults.push({ startMs, durationMs, fault: { type: 'llm', fault: random.pick(['503', 'limited']) } })
    startMs += durationMs + random.drawInteger(MIN_GAP_MS, BUSY_MODEL_MAX_GAP_MS)
  }
  return plannedFaults
}

function planUsualFaults(
  random: Random,
  { apis, workers, lengthMs, redis = 'single' }: ScheduleOptions,
): PlannedFault[] {
  const apiNames = Array.from({ length: apis }, (_, i) => `api-${i + 1}`)
  const workerNames = Array.from({ length: workers }, (_, i) => `worker-${i + 1}`)
  const processNames = [...apiNames, ...workerNames]
  const links = [
    ...apiNames.flatMap((name) => [`client→${name}`, `${name}→mysql`, `${name}→redis`]),
    ...workerNames.flatMap((name) => [`${name}→mysql`, `${name}→redis`, `${name}→llm`]),
  ]
  const hasSeveralServers = REDIS_SERVERS[redis].length > 1
  /**
   * Draws a link. If Redis has several servers, half of the drawn links to Redis stand for the links to all of them,
   * and the others for the link to one server.
   */
  const drawLink = (): string => {
    const link = random.pick(links)
    const isSingleServer = hasSeveralServers && link.endsWith('→redis') && random.drawBoolean(0.5)
    return isSingleServer ? link.replace('redis', random.pick(REDIS_SERVERS[redis])) : link
  }
  const drawSkewMs = (): number => random.drawInteger(-MAX_SKEW_MINUTES, MAX_SKEW_MINUTES) * 60_000
  const servers = ['mysql', 'redis'] as const
  const faults: Array<Weighted<() => Fault>> = [
    [5, () => ({ type: 'kill', process: random.pick(processNames) })],
    [4, () => ({ type: 'freeze', process: random.pick(processNames) })],
    [1, () => ({ type: 'skew', process: random.pick(workerNames), skewMs: drawSkewMs() })],
    [9, () => ({ type: 'link', link: drawLink(), fault: random.pick(['cut', 'stall', 'delay', 'half-open']) })],
    [2, () => ({ type: 'flushall' })],
    [2, () => ({ type: 'restart', server: random.pick(servers) })],
    [2, () => ({ type: 'freeze-server', server: random.pick(servers) })],
    [1, () => ({ type: 'deploy' })],
    [3, () => ({ type: 'llm', fault: random.pick(['hang', 'cut', '429', '500']) })],
    ...REPLICATED_REDIS_FAULTS[redis],
  ]
  const plannedFaults: PlannedFault[] = []
  for (let startMs = random.drawInteger(0, 1_000); startMs < lengthMs; ) {
    const maxDurationMs = random.drawBoolean(0.1) ? RARE_MAX_DURATION_MS : MAX_DURATION_MS
    const durationMs = random.drawInteger(MIN_DURATION_MS, maxDurationMs)
    const drawFault = random.pickWeighted(faults)
    plannedFaults.push({ startMs, durationMs, fault: drawFault() })
    startMs += random.drawInteger(MIN_GAP_MS, MAX_GAP_MS)
  }
  if (lengthMs >= MIN_LENGTH_WITH_DEPLOY_MS && !plannedFaults.some(({ fault }) => fault.type === 'deploy')) {
    plannedFaults.push({ startMs: Math.round(lengthMs / 3), durationMs: 0, fault: { type: 'deploy' } })
  }
  return plannedFaults
}
