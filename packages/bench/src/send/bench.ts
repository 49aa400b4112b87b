import type { IdleMachine } from '../measure/idle-machine.ts'
import { median, type RoundStats, toRatioStats, toRoundStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import {
  createMaximumGoal,
  createMinimumGoal,
  formatNumber,
  formatStats,
  type Goal,
  type Report,
  type Table,
} from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { CONTENDERS, type ContenderName, type Contest, openContest, type SendStats } from './contest.ts'
import { createQuestions } from './requests.ts'

const LABELS: Record<ContenderName, string> = {
  floor: 'floor: Fastify, schema, token, no I/O',
  insert: 'one bare durable INSERT',
  naive: 'naive: a transaction and an add each',
  ours: 'Engineer Chat',
}

interface Cell {
  inFlight: number
  rooms: number
  results: Partial<Record<ContenderName, SendStats[]>>
}

/** Measures the cost of a question from end to end, and compares it with other designs. */
export async function benchSend({ rounds, send }: Scale, machine: IdleMachine): Promise<Report> {
  const contest = await openContest(send.users)
  try {
    const spreadOut = createQuestions(contest.world.askers, await contest.world.openRooms(send.rooms))
    const hot = createQuestions(contest.world.askers, await contest.world.openRooms(1))
    await contest.world.openSessions([...spreadOut.pairs, ...hot.pairs])
    const measure = (names: readonly ContenderName[], request: () => string, inFlight: number) =>
      measureAlternately(machine, names, rounds, (name) =>
        contest.measureClosedLoop(name, request, inFlight, send.window),
      )

    await warmUp(contest, spreadOut.request, send)
    const cells: Cell[] = []
    for (const inFlight of send.inFlight) {
      cells.push({ inFlight, rooms: send.rooms, results: await measure(CONTENDERS, spreadOut.request, inFlight) })
    }
    const busiest = send.inFlight.at(-1) ?? 1
    cells.push({ inFlight: busiest, rooms: 1, results: await measure(['naive', 'ours'], hot.request, busiest) })
    const offered = await measureAlternately(machine, ['ours'] as const, rounds, () =>
      contest.measureOpenLoop('ours', spreadOut.request, send.offeredPerSecond, send.window.duration_ms * 2),
    )
    return {
      bench: 'send',
      tables: [...cells.map(toTable), offeredTable(offered.ours, send.offeredPerSecond)],
      goals: listGoals(cells, offered.ours),
      data: { cells, offered: offered.ours },
    }
  } finally {
    await contest.stop()
  }
}

async function warmUp(contest: Contest, request: () => string, { inFlight, window }: Scale['send']): Promise<void> {
  for (const name of CONTENDERS)
    await contest.measureClosedLoop(name, request, Math.min(64, inFlight.at(-1) ?? 1), window)
}

function toTable({ inFlight, rooms, results }: Cell): Table {
  const floor = results.floor ?? results.naive ?? []
  const rows = CONTENDERS.flatMap((name) => {
    const sent = results[name]
    if (!sent) return []
    const of = (pick: (one: SendStats) => number) => formatNumber(median(sent.map(pick)))
    const cpu = `${of((one) => one.cpu.node)} / ${of((one) => one.cpu.mysql)} / ${of((one) => one.cpu.redis)}`
    const ratio = formatStats(toRatioStats(rates(sent), rates(floor)))
    const row = [LABELS[name], of((one) => one.per_second), ratio, of((one) => one.p50_ms), of((one) => one.p99_ms)]
    return [[...row, cpu, sent.at(-1)?.bottleneck ?? '']]
  })
  return {
    title: `send, ${inFlight} in flight, ${rooms === 1 ? 'one hot room' : `${rooms} rooms`}`,
    head: [
      '',
      'sends/s',
      `× ${results.floor ? 'floor' : 'naive'}`,
      'p50 ms',
      'p99 ms',
      'µs node / MySQL / Redis',
      'limit',
    ],
    rows,
  }
}

function offeredTable(sent: SendStats[], rate: number): Table {
  const of = (pick: (one: SendStats) => number) => formatStats(toRoundStats(sent.map(pick)))
  return {
    title: `send, ${rate}/s offered whatever the answers do`,
    head: ['', 'p50 ms', 'p99 ms'],
    rows: [[LABELS.ours, of((one) => one.p50_ms), of((one) => one.p99_ms)]],
  }
}

const rates = (sent: SendStats[] = []): number[] => sent.map((one) => one.per_second)

function listGoals(cells: Cell[], offered: SendStats[]): Goal[] {
  const goals = cells.flatMap(({ inFlight, rooms, results: { floor, naive, ours } }) => {
    const against = (other: SendStats[] = []): RoundStats => toRatioStats(rates(ours), rates(other))
    if (rooms === 1) return createMinimumGoal('send, one hot room, × naive', 5, against(naive))
    if (inFlight === 1) {
      const slower = toRatioStats(p50s(ours), p50s(naive))
      return createMaximumGoal('send, 1 in flight, p50 × naive', 1.1, '', slower)
    }
    const [ofFloor, ofNaive] = inFlight >= 256 ? [0.4, 2.6] : [0.3, 2.2]
    return [
      createMinimumGoal(`send, ${inFlight} in flight, × floor`, ofFloor, against(floor)),
      createMinimumGoal(`send, ${inFlight} in flight, × naive`, ofNaive, against(naive)),
    ]
  })
  return [
    ...goals,
    createMaximumGoal('send, 500/s offered, p99', 10, 'ms', toRoundStats(offered.map((one) => one.p99_ms))),
  ]
}

const p50s = (sent: SendStats[] = []): number[] => sent.map((one) => one.p50_ms)
