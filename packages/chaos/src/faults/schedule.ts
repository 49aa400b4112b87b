import type { LlmFault } from '../cluster/llm.ts'
import { REDIS_SERVERS, type RedisForm } from '../cluster/redis.ts'
import type { LinkFault } from '../net/link.ts'
import type { Random, Weighted } from '../random.ts'

export type Fault =
  | { type: 'kill'; slot: string }
  | { type: 'freeze'; slot: string }
  | { type: 'skew'; slot: string; skewMs: number }
  | { type: 'link'; link: string; fault: LinkFault }
  | { type: 'flushall' }
  | { type: 'restart'; server: 'mysql' | 'redis' }
  | { type: 'freeze-server'; server: 'mysql' | 'redis' }
  | { type: 'move-slots' }
  | { type: 'deploy' }
  | { type: 'llm'; fault: LlmFault }

export interface PlannedFault {
  /** Counts from the start of the run. */
  startMs: number
  /** Is how long the fault lasts; for a kill, the pause before the process starts again. */
  durationMs: number
  fault: Fault
}

/** Lists the additional faults of a Redis with replicas. */
const REDIS_SET_FAULTS: Record<RedisForm, Array<Weighted<() => Fault>>> = {
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

export interface ClusterShape {
  apis: number
  workers: number
  redis?: RedisForm
  /** Faults begin during this time. */
  lengthMs: number
}

const MIN_GAP_MS = 300
const MAX_GAP_MS = 3_500
const MIN_DURATION_MS = 200
const MAX_DURATION_MS = 5_000
const RARE_MAX_DURATION_MS = 12_000
/** A schedule of at least this length has a deploy. */
const DEPLOY_FROM_MS = 60_000

/** Plans all faults of a run. The same seed and shape give the same schedule. */
export function createSchedule(
  random: Random,
  { apis, workers, lengthMs, redis = 'single' }: ClusterShape,
): PlannedFault[] {
  const apiSlots = Array.from({ length: apis }, (_, i) => `api-${i + 1}`)
  const workerSlots = Array.from({ length: workers }, (_, i) => `worker-${i + 1}`)
  const slots = [...apiSlots, ...workerSlots]
  const links = [
    ...apiSlots.flatMap((slot) => [`client→${slot}`, `${slot}→mysql`, `${slot}→redis`]),
    ...workerSlots.flatMap((slot) => [`${slot}→mysql`, `${slot}→redis`, `${slot}→llm`]),
  ]
  const hasSeveralServers = REDIS_SERVERS[redis].length > 1
  /** Draws a link. If it leads to several Redis servers, it is all of them together or only one. */
  const drawLink = (): string => {
    const link = random.pick(links)
    const isSingleServer = hasSeveralServers && link.endsWith('→redis') && random.drawBoolean(0.5)
    return isSingleServer ? link.replace('redis', random.pick(REDIS_SERVERS[redis])) : link
  }
  const servers = ['mysql', 'redis'] as const
  const faults: Array<Weighted<() => Fault>> = [
    [5, () => ({ type: 'kill', slot: random.pick(slots) })],
    [4, () => ({ type: 'freeze', slot: random.pick(slots) })],
    [1, () => ({ type: 'skew', slot: random.pick(workerSlots), skewMs: random.drawInteger(-60, 60) * 60_000 })],
    [9, () => ({ type: 'link', link: drawLink(), fault: random.pick(['cut', 'stall', 'delay', 'half-open']) })],
    [2, () => ({ type: 'flushall' })],
    [2, () => ({ type: 'restart', server: random.pick(servers) })],
    [2, () => ({ type: 'freeze-server', server: random.pick(servers) })],
    [1, () => ({ type: 'deploy' })],
    [3, () => ({ type: 'llm', fault: random.pick(['hang', 'cut', '429', '500']) })],
    ...REDIS_SET_FAULTS[redis],
  ]
  const planned: PlannedFault[] = []
  for (let startMs = random.drawInteger(0, 1_000); startMs < lengthMs; ) {
    const maxDurationMs = random.drawBoolean(0.1) ? RARE_MAX_DURATION_MS : MAX_DURATION_MS
    const durationMs = random.drawInteger(MIN_DURATION_MS, maxDurationMs)
    const drawFault = random.pickWeighted(faults)
    planned.push({ startMs, durationMs, fault: drawFault() })
    startMs += random.drawInteger(MIN_GAP_MS, MAX_GAP_MS)
  }
  if (lengthMs >= DEPLOY_FROM_MS && !planned.some(({ fault }) => fault.type === 'deploy')) {
    planned.push({ startMs: Math.round(lengthMs / 3), durationMs: 0, fault: { type: 'deploy' } })
  }
  return planned.sort((a, b) => a.startMs - b.startMs)
}

export function describeFault({ startMs, durationMs, fault }: PlannedFault): string {
  const { type, ...details } = fault
  return `${(startMs / 1_000).toFixed(1).padStart(7)} s  ${[type, ...Object.values(details)].join(' ')}, ${durationMs} ms`
}
