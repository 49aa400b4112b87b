import { waitUntil } from '@engineer-chat/proof'
import { type Crowd, startCrowd } from '../crowd/crowd.ts'
import type { CrowdAnswer } from '../crowd/protocol.ts'
import { runClosedLoop } from '../load/load.ts'
import type { IdleMachine } from '../measure/idle-machine.ts'
import { type Cpu, watchCpu } from '../measure/processes.ts'
import { median, toRatioStats, toRoundStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import { type Launched, startContender } from '../processes/launch.ts'
import { type Stack, startStack } from '../processes/stack.ts'
import {
  createMaximumGoal,
  createMinimumGoal,
  formatNumber,
  type Goal,
  type Report,
  type Table,
} from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { createQuestions } from '../send/requests.ts'
import { createWorld, type World } from '../world/world.ts'

const WAYS = ['coalesced', 'each'] as const
type Way = (typeof WAYS)[number]

const LABELS: Record<Way, string> = {
  coalesced: 'Engineer Chat: coalesced for 50 ms, an envelope per room',
  each: 'a PUBLISH for each',
}

/** This is longer than the silences of a node that is overloaded. */
const SETTLE_MS = 2_000

interface Streamed {
  /** Is the share of the written pieces that reached a socket. */
  arrived: number
  /** Holds the processor time per piece, in µs. */
  cpu: Cpu<'writer' | 'redis' | 'api'>
  us: number
  p50_ms: number
  p99_ms: number
}

interface Stage {
  stack: Stack
  world: World
  api: Launched
  writer: Launched
  crowd: Crowd
}

/**
 * Measures replies while they are written, each to one socket, from the worker's piece until the client receives it.
 */
export async function benchStreaming({ rounds, streaming }: Scale, machine: IdleMachine): Promise<Report> {
  const stack = await startStack()
  const api = await stack.startApi()
  const writer = await startContender('delta-writer', { REDIS_URL: stack.redis.url })
  const crowd = await startCrowd()
  const world = await createWorld(stack.mysql.url, Math.max(...streaming.loads.map(({ replies }) => replies)))
  const stage = { stack, world, api, writer, crowd }
  try {
    const cells: Array<{ replies: number; results: Record<Way, Streamed[]> }> = []
    let attempt = 0
    for (const { replies, rooms } of streaming.loads) {
      const work = await askQuestions(stage, replies, rooms)
      const measure = (how: Way) => {
        attempt += 1
        return write(stage, { how, replies: work, attempt, ...streaming.pace })
      }
      for (const way of WAYS) await measure(way) // The first run only warms up.
      cells.push({ replies, results: await measureAlternately(machine, WAYS, rounds, measure) })
      await crowd.ask({ type: 'close', group: 'ours' })
    }
    return {
      bench: 'streaming',
      tables: cells.map(({ replies, results }) => toTable(replies, streaming.pace.per_second, results)),
      goals: cells.flatMap(({ replies, results }) => listGoals(replies, results)),
      data: cells,
    }
  } finally {
    await Promise.all([crowd.process.kill(), writer.kill()])
    await world.close()
    await stack.stop()
  }
}

type Work = Array<{ message_id: string; event_id: string }>

/** Creates unfinished replies and opens a socket for each asker. No worker runs, because the writer acts as one. */
async function askQuestions({ world, api, crowd }: Stage, replies: number, rooms: number): Promise<Work> {
  const askers = world.askers.slice(0, replies)
  const event_ids = await world.openRooms(rooms)
  const { request, pairs } = createQuestions(askers, event_ids)
  const seats = pairs.slice(0, replies).map(({ event_id, token }) => ({ room: event_id, token }))
  let sent = 0
  const once = () => {
    sent += 1
    return request()
  }
  const inFlight = Math.min(50, replies)
  while (sent < replies)
    await runClosedLoop({ url: api.url, request: once }, Math.min(inFlight, replies - sent), { duration_ms: 0 })
  await crowd.ask({ type: 'open', group: 'ours', dialect: 'ours', url: api.url, seats, at_once: 100 })
  const [rows] = await world.pool.query<Array<Work[number] & import('mysql2').RowDataPacket>>(
    'SELECT message_id, event_id FROM messages WHERE due_at IS NOT NULL AND event_id IN (?)',
    [event_ids],
  )
  return rows.map(({ message_id, event_id }) => ({ message_id, event_id }))
}

interface Writing {
  how: Way
  replies: Work
  attempt: number
  per_second: number
  duration_ms: number
}

async function write({ stack, api, writer, crowd }: Stage, writing: Writing): Promise<Streamed> {
  await crowd.ask({ type: 'listen', stamped: true })
  const usage = watchCpu({ writer: writer.pid, redis: stack.redis.pid, api: api.pid })
  const written = new Promise<{ written: number }>((resolve) => writer.child.once('message', resolve))
  writer.child.send(writing)
  const pieces = (await written).written
  const received = await waitForPieces(crowd, pieces)
  const { cpu } = usage()
  const each = { writer: cpu.writer / pieces, redis: cpu.redis / pieces, api: cpu.api / pieces }
  return {
    arrived: received.deliveries / pieces,
    cpu: each,
    us: each.writer + each.redis + each.api,
    p50_ms: received.p50_ms,
    p99_ms: received.p99_ms,
  }
}

/** Waits until all pieces came, or none came for SETTLE_MS; a later one would be counted for the next contender. */
async function waitForPieces(crowd: Crowd, pieces: number): Promise<Required<CrowdAnswer>> {
  let last = { deliveries: -1, at: 0 }
  return waitUntil('the last pieces', async () => {
    const summary = await crowd.ask({ type: 'summary' })
    const at = performance.now()
    if (summary.deliveries !== last.deliveries) last = { deliveries: summary.deliveries, at }
    return summary.deliveries >= pieces || at - last.at > SETTLE_MS ? summary : undefined
  })
}

function toTable(replies: number, per_second: number, results: Record<Way, Streamed[]>): Table {
  return {
    title: `streaming, ${formatNumber(replies)} replies at ${per_second} pieces a second each`,
    head: ['', 'µs each', 'writer / Redis / node', 'p50 ms', 'p99 ms', 'arrived one by one'],
    rows: WAYS.map((way) => {
      const of = (pick: (one: Streamed) => number) => formatNumber(median(results[way].map(pick)))
      const cpu = `${of(({ cpu }) => cpu.writer)} / ${of(({ cpu }) => cpu.redis)} / ${of(({ cpu }) => cpu.api)}`
      const arrived = `${of((one) => one.arrived * 100)}%`
      return [LABELS[way], of((one) => one.us), cpu, of((one) => one.p50_ms), of((one) => one.p99_ms), arrived]
    }),
    notes: [
      'Pieces that a node was too late for reach the socket within a snapshot instead.',
      'A PUBLISH for each keeps no text in Redis for who comes later; Engineer Chat does.',
    ],
  }
}

function listGoals(replies: number, { coalesced, each }: Record<Way, Streamed[]>): Goal[] {
  const us = (streamed: Streamed[]) => streamed.map((one) => one.us)
  const what = `${formatNumber(replies)} replies`
  return [
    createMaximumGoal(`${what}, CPU per piece`, 7, 'µs', toRoundStats(us(coalesced))),
    createMaximumGoal(`${what}, p99`, 60, 'ms', toRoundStats(coalesced.map((one) => one.p99_ms))),
    createMinimumGoal(`${what}, CPU of a PUBLISH for each, × ours`, 3, toRatioStats(us(each), us(coalesced))),
  ]
}
