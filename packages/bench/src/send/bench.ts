import type { Measurer } from '../measure/measurer.ts'
import { median, type RoundStats, toRatioStats, toRoundStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import {
  type BenchReport,
  createMaximumGoal,
  createMinimumGoal,
  formatNumber,
  formatStats,
  type Goal,
  type Table,
} from '../report/report.ts'
import type { Scale } from '../scale.ts'
import {
  SEND_CONTENDERS,
  type SendContender,
  type SendContenders,
  type SendStats,
  startSendContenders,
} from './contenders.ts'
import { createQuestions } from './requests.ts'

const LABELS: Record<SendContender, string> = {
  minimal: 'minimal: Fastify, schema, token, no I/O',
  insert: 'one durable INSERT',
  naive: 'naive: a transaction and a job for each question',
  ours: 'Engineer Chat',
}

/** The INSERT shows how much of the slowest answers is the server's wait for its disk. */
const OFFERED_CONTENDERS = ['insert', 'ours'] as const
type OfferedContender = (typeof OFFERED_CONTENDERS)[number]

interface Measurement {
  inFlight: number
  rooms: number
  results: Partial<Record<SendContender, SendStats[]>>
}

/** Measures the cost of a question from end to end, and compares it with other designs. */
export async function benchSend({ rounds, send }: Scale, measurer: Measurer): Promise<BenchReport> {
  const contenders = await startSendContenders(send.users)
  try {
    const { database } = contenders
    const questionsInManyRooms = createQuestions(database.users, await database.createRooms(send.rooms))
    const questionsInOneRoom = createQuestions(database.users, await database.createRooms(1))
    await database.createSessions([...questionsInManyRooms.pairs, ...questionsInOneRoom.pairs])
    const measure = (names: readonly SendContender[], createRequest: () => string, inFlight: number) =>
      measureAlternately(measurer, names, rounds, (name) =>
        contenders.measureClosedLoop(name, createRequest, inFlight, send.limits),
      )

    await warmUp(contenders, questionsInManyRooms.createRequest, send)
    const measurements: Measurement[] = []
    for (const inFlight of send.inFlight) {
      measurements.push({
        inFlight,
        rooms: send.rooms,
        results: await measure(SEND_CONTENDERS, questionsInManyRooms.createRequest, inFlight),
      })
    }
    const maxInFlight = send.inFlight.at(-1) ?? 1
    measurements.push({
      inFlight: maxInFlight,
      rooms: 1,
      results: await measure(['naive', 'ours'], questionsInOneRoom.createRequest, maxInFlight),
    })
    const offered = await measureAlternately(measurer, OFFERED_CONTENDERS, rounds, (name) =>
      contenders.measureOpenLoop(
        name,
        questionsInManyRooms.createRequest,
        send.offeredPerSecond,
        send.limits.durationMs * 2,
        send.warmUpMs,
      ),
    )
    return {
      bench: 'send',
      tables: [...measurements.map(toTable), toOfferedTable(offered, send.offeredPerSecond)],
      goals: listGoals(measurements, offered.ours, send.offeredPerSecond),
      data: { cells: measurements, offered },
    }
  } finally {
    await contenders.stop()
  }
}

async function warmUp(
  contenders: SendContenders,
  createRequest: () => string,
  { inFlight, limits }: Scale['send'],
): Promise<void> {
  for (const name of SEND_CONTENDERS)
    await contenders.measureClosedLoop(name, createRequest, Math.min(64, inFlight.at(-1) ?? 1), limits)
}

function toTable({ inFlight, rooms, results }: Measurement): Table {
  const baseline = results.minimal ?? results.naive ?? []
  const rows = SEND_CONTENDERS.flatMap((name) => {
    const stats = results[name]
    if (!stats) return []
    const format = (pick: (stats: SendStats) => number) => formatNumber(median(stats.map(pick)))
    const ratio = formatStats(toRatioStats(listRates(stats), listRates(baseline)))
    const latencies = [format(({ p50_ms }) => p50_ms), format(({ p99_ms }) => p99_ms)]
    const cpus = [format(({ cpu }) => cpu.node), format(({ cpu }) => cpu.mysql), format(({ cpu }) => cpu.redis)]
    const row = [LABELS[name], format(({ per_second }) => per_second), ratio, ...latencies, cpus.join(' / ')]
    return [[...row, stats.at(-1)?.bottleneck ?? '']]
  })
  return {
    title: `send, ${inFlight} in flight, ${rooms === 1 ? 'one hot room' : `${rooms} rooms`}`,
    head: [
      '',
      'sends/s',
      `× ${results.minimal ? 'minimal' : 'naive'}`,
      'p50 ms',
      'p99 ms',
      'µs node / MySQL / Redis',
      'bottleneck',
    ],
    rows,
  }
}

/**
 * Shows the times of the steady load, and those of its beginning. After a pause, V8 collects what the server left before
 * it, and the first questions wait for that.
 */
function toOfferedTable(offered: Record<OfferedContender, SendStats[]>, requestsPerSecond: number): Table {
  const format = (numbers: number[]) => formatStats(toRoundStats(numbers))
  return {
    title: `send, ${requestsPerSecond}/s offered, even when answers are late`,
    head: ['', 'p50 ms', 'p99 ms', 'p99 ms of the first half second'],
    rows: OFFERED_CONTENDERS.map((name) => [
      LABELS[name],
      format(listP50s(offered[name])),
      format(offered[name].map(({ p99_ms }) => p99_ms)),
      format(offered[name].flatMap(({ warm_up_p99_ms }) => warm_up_p99_ms ?? [])),
    ]),
  }
}

const listRates = (stats: SendStats[] = []): number[] => stats.map(({ per_second }) => per_second)

function listGoals(measurements: Measurement[], offered: SendStats[], offeredPerSecond: number): Goal[] {
  const goals = measurements.flatMap(({ inFlight, rooms, results: { minimal, naive, ours } }) => {
    const compareRates = (other: SendStats[] = []): RoundStats => toRatioStats(listRates(ours), listRates(other))
    if (rooms === 1) return createMinimumGoal('send, one hot room, × naive', 5, compareRates(naive))
    if (inFlight === 1) {
      const latencyRatio = toRatioStats(listP50s(ours), listP50s(naive))
      return createMaximumGoal('send, 1 in flight, p50 × naive', 1.1, '', latencyRatio)
    }
    if (inFlight >= 256) return createMinimumGoal(`send, ${inFlight} in flight, × naive`, 2.6, compareRates(naive))
    return [
      createMinimumGoal(`send, ${inFlight} in flight, × minimal`, 0.18, compareRates(minimal)),
      createMinimumGoal(`send, ${inFlight} in flight, × naive`, 2.2, compareRates(naive)),
    ]
  })
  const tailsMs = offered.map(({ p50_ms, p99_ms }) => p99_ms - p50_ms)
  return [
    ...goals,
    createMaximumGoal(`send, ${offeredPerSecond}/s offered, p99 beyond p50`, 15, 'ms', toRoundStats(tailsMs)),
  ]
}

const listP50s = (stats: SendStats[] = []): number[] => stats.map(({ p50_ms }) => p50_ms)
