import { setTimeout as sleep } from 'node:timers/promises'
import { waitUntil } from '@engineer-chat/proof'
import { Redis } from 'ioredis'
import { openBulkDatabase } from '../database/bulk-database.ts'
import { runOpenLoop } from '../load/load.ts'
import type { Measurer } from '../measure/measurer.ts'
import { readResidentBytes } from '../measure/processes.ts'
import { median, toRoundStats } from '../measure/quantiles.ts'
import { startProgram } from '../processes/launch.ts'
import { startStack } from '../processes/stack.ts'
import { type BenchReport, createMaximumGoal, formatNumber } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { createQuestions } from '../send/requests.ts'
import { startSocketClients } from '../socket-clients/start-socket-clients.ts'

const MIB = 1_024 ** 2
const QUESTIONS_PER_SECOND = 30
const SOCKETS_PER_SECOND = 10
/** Each socket stays open for this number of seconds. */
const SOCKET_SECONDS = 10
const ANSWER_TIMEOUT_MS = 60_000
const PART_COUNT = 3

const KEYS = ['api', 'worker', 'redis'] as const
type Key = (typeof KEYS)[number]

/** Holds the memory at one moment, in MiB: resident memory of the processes, and what Redis counts as used. */
type Sample = Record<Key, number>

/** Measures whether memory grows under ordinary load: questions with streamed answers, and sockets that come and go. */
export async function benchMemory({ memory }: Scale, measurer: Measurer): Promise<BenchReport> {
  const samples = await measurer.measureOnce(() => measureMemory(memory))
  const parts = splitIntoParts(samples)
  const [, middle = [], last = []] = parts
  const listValues = (part: Sample[], key: Key) => part.map((sample) => sample[key])
  return {
    bench: 'memory',
    tables: [
      {
        title: `${QUESTIONS_PER_SECOND} questions and ${SOCKETS_PER_SECOND} new sockets a second, for ${memory.seconds} s`,
        head: ['', 'first third, MiB', 'second third, MiB', 'last third, MiB', 'most, MiB'],
        rows: KEYS.map((key) => [
          key,
          ...parts.map((part) => formatNumber(median(listValues(part, key)))),
          formatNumber(Math.max(...listValues(samples, key))),
        ]),
        notes: ['Each third shows the median of its samples, one a second.'],
      },
    ],
    goals: [
      createMaximumGoal('API node, last third', 260, 'MiB', toRoundStats(listValues(last, 'api'))),
      createMaximumGoal('worker, last third', 260, 'MiB', toRoundStats(listValues(last, 'worker'))),
      ...KEYS.map((key) =>
        createMaximumGoal(
          `${key}, last third ÷ second third`,
          1.05,
          '',
          toRoundStats([median(listValues(last, key)) / median(listValues(middle, key))]),
        ),
      ),
    ],
    data: samples,
  }
}

/** Splits the samples into three equal parts, in order. Up to two samples at the end belong to no part. */
function splitIntoParts(samples: Sample[]): Sample[][] {
  const length = Math.max(1, Math.floor(samples.length / PART_COUNT))
  return Array.from({ length: PART_COUNT }, (_, part) => samples.slice(part * length, (part + 1) * length))
}

async function measureMemory({ seconds, users, rooms }: Scale['memory']): Promise<Sample[]> {
  const stack = await startStack()
  const clients = await startSocketClients()
  const provider = await startProgram('provider', { PIECES: '30', PIECE_INTERVAL_MS: '30' })
  const redis = new Redis(stack.redis.url)
  try {
    const api = await stack.startApi()
    const worker = await stack.startWorker({ LLM_BASE_URL: provider.url, LLM_MODEL: 'bench', LLM_API_KEY: 'none' })
    const database = await openBulkDatabase(stack.mysql.url, users)
    const roomIds = await database.createRooms(rooms)
    const { createRequest } = createQuestions(database.users, roomIds)
    const asking = runOpenLoop({ url: api.url, createRequest }, QUESTIONS_PER_SECOND, seconds * 1_000)
    asking.catch(() => {}) // A failure is thrown where the load is awaited.
    const samples: Sample[] = []
    const readMemory = createMemoryReader(redis, { api: api.pid, worker: worker.pid })
    const endsAtMs = performance.now() + seconds * 1_000
    for (let second = 0; performance.now() < endsAtMs; second++) {
      const startedAtMs = performance.now()
      const subscriptions = Array.from({ length: SOCKETS_PER_SECOND }, (_, index) => ({
        room: roomIds[(second + index) % rooms] ?? '',
        token: database.users[(second * SOCKETS_PER_SECOND + index) % users]?.token ?? '',
      }))
      await clients.run({
        type: 'open',
        group: toGroup(second),
        dialect: 'ours',
        url: api.url,
        subscriptions,
        maxConcurrent: SOCKETS_PER_SECOND,
      })
      if (second >= SOCKET_SECONDS) await clients.run({ type: 'close', group: toGroup(second - SOCKET_SECONDS) })
      samples.push(await readMemory())
      await sleep(Math.max(0, startedAtMs + 1_000 - performance.now()))
    }
    await asking
    await waitUntil('every answer', async () => (await database.countUnfinished()) === 0, ANSWER_TIMEOUT_MS)
    await database.close()
    return samples
  } finally {
    redis.disconnect()
    await provider.kill()
    await clients.process.kill()
    await stack.stop()
  }
}

const toGroup = (second: number): string => `second-${second}`

const createMemoryReader =
  (redis: Redis, pids: { api: number; worker: number }): (() => Promise<Sample>) =>
  async () => {
    const [, used] = /^used_memory:(\d+)/m.exec(await redis.info('memory')) ?? []
    return {
      api: readResidentBytes(pids.api) / MIB,
      worker: readResidentBytes(pids.worker) / MIB,
      redis: Number(used) / MIB,
    }
  }
