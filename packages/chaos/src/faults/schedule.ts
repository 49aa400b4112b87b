import type { LlmFault } from '../cluster/llm.ts'
import { REDIS_SERVERS, type RedisForm } from '../cluster/redis.ts'
import type { LinkFault } from '../net/link.ts'
import type { Random } from '../random.ts'

export type Fault =
  | { type: 'kill'; slot: string }
  | { type: 'freeze'; slot: string }
  | { type: 'skew'; slot: string; skew_ms: number }
  | { type: 'link'; link: string; fault: LinkFault }
  | { type: 'flushall' }
  | { type: 'restart'; server: 'mysql' | 'redis' }
  | { type: 'freeze-server'; server: 'mysql' | 'redis' }
  | { type: 'move-slots' }
  | { type: 'deploy' }
  | { type: 'llm'; fault: LlmFault }

/** Says when a fault begins, counted from the start of the run, and how long it lasts or a killed process stays away. */
export interface PlannedFault {
  start_ms: number
  duration_ms: number
  fault: Fault
}

/** Lists the additional faults for several Redis servers, which replace each other. */
const SET_FAULTS: Record<RedisForm, Draw[]> = {
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
  length_ms: number
}

const MIN_GAP_MS = 300
const MAX_GAP_MS = 3_500
const MIN_LENGTH_MS = 200
const MAX_LENGTH_MS = 5_000
const LONGEST_MS = 12_000
/** A schedule of at least this length has a deploy. */
const DEPLOY_FROM_MS = 60_000

type Draw = [weight: number, draw: () => Fault]

/** Plans what is broken when. The same seed and shape give the same schedule. */
export function createSchedule(
  random: Random,
  { apis, workers, length_ms, redis = 'single' }: ClusterShape,
): PlannedFault[] {
  const apiSlots = Array.from({ length: apis }, (_, i) => `api-${i + 1}`)
  const workerSlots = Array.from({ length: workers }, (_, i) => `worker-${i + 1}`)
  const slots = [...apiSlots, ...workerSlots]
  const links = [
    ...apiSlots.flatMap((slot) => [`client→${slot}`, `${slot}→mysql`, `${slot}→redis`]),
    ...workerSlots.flatMap((slot) => [`${slot}→mysql`, `${slot}→redis`, `${slot}→llm`]),
  ]
  const several = REDIS_SERVERS[redis].length > 1
  /** Draws a link. If it leads to several Redis servers, it is all of them together or only one. */
  const drawLink = (): string => {
    const link = random.pick(links)
    const isOne = several && link.endsWith('→redis') && random.chance(0.5)
    return isOne ? link.replace('redis', random.pick(REDIS_SERVERS[redis])) : link
  }
  const servers = ['mysql', 'redis'] as const
  const draws: Draw[] = [
    [5, () => ({ type: 'kill', slot: random.pick(slots) })],
    [4, () => ({ type: 'freeze', slot: random.pick(slots) })],
    [1, () => ({ type: 'skew', slot: random.pick(workerSlots), skew_ms: random.between(-60, 60) * 60_000 })],
    [9, () => ({ type: 'link', link: drawLink(), fault: random.pick(['cut', 'stall', 'delay', 'half-open']) })],
    [2, () => ({ type: 'flushall' })],
    [2, () => ({ type: 'restart', server: random.pick(servers) })],
    [2, () => ({ type: 'freeze-server', server: random.pick(servers) })],
    [1, () => ({ type: 'deploy' })],
    [3, () => ({ type: 'llm', fault: random.pick(['hang', 'cut', '429', '500']) })],
    ...SET_FAULTS[redis],
  ]
  const planned: PlannedFault[] = []
  for (let at = random.between(0, 1_000); at < length_ms; at += random.between(MIN_GAP_MS, MAX_GAP_MS)) {
    const longest = random.chance(0.1) ? LONGEST_MS : MAX_LENGTH_MS
    planned.push({ start_ms: at, duration_ms: random.between(MIN_LENGTH_MS, longest), fault: drawFault(random, draws) })
  }
  if (length_ms >= DEPLOY_FROM_MS && !planned.some(({ fault }) => fault.type === 'deploy')) {
    planned.push({ start_ms: Math.round(length_ms / 3), duration_ms: 0, fault: { type: 'deploy' } })
  }
  return planned.sort((a, b) => a.start_ms - b.start_ms)
}

function drawFault(random: Random, draws: Draw[]): Fault {
  let rest = random.next() * draws.reduce((sum, [weight]) => sum + weight, 0)
  for (const [weight, draw] of draws) {
    rest -= weight
    if (rest < 0) return draw()
  }
  return { type: 'flushall' }
}

export function describeFault({ start_ms, duration_ms, fault }: PlannedFault): string {
  const { type, ...what } = fault
  return `${(start_ms / 1_000).toFixed(1).padStart(7)} s  ${[type, ...Object.values(what)].join(' ')}, ${duration_ms} ms`
}
