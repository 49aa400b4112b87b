import type { Registry } from 'prom-client'
import { createGauge, shareRead } from './gauges.ts'

/** Counts the connections of this process to MySQL. */
export interface PoolUsage {
  used: number
  free: number
  /** Counts the statements and transactions that wait for a connection. */
  waiting: number
}

export function measurePool(registry: Registry, getUsage: () => PoolUsage): void {
  createGauge(
    registry,
    { name: 'engineer_chat_mysql_connections', help: 'Connections of this process to MySQL.', labels: ['state'] },
    () => {
      const { used, free } = getUsage()
      return [
        [{ state: 'used' }, used],
        [{ state: 'free' }, free],
      ]
    },
  )
  createGauge(
    registry,
    { name: 'engineer_chat_mysql_waiting', help: 'Statements of this process that wait for a connection.' },
    () => [[{}, getUsage().waiting]],
  )
}

/** Counts the unfinished replies. The numbers come from MySQL, so they are right with or without Redis. */
export interface Backlog {
  unfinished: number
  /** Gives the age of the oldest unfinished reply. */
  oldestSeconds: number
}

export function measureBacklog(registry: Registry, readBacklog: () => Promise<Backlog>): void {
  const read = shareRead(readBacklog)
  createGauge(
    registry,
    { name: 'engineer_chat_replies_unfinished', help: 'Replies that wait or are being written, as MySQL counts them.' },
    async () => [[{}, (await read()).unfinished]],
  )
  createGauge(
    registry,
    {
      name: 'engineer_chat_oldest_reply_age_seconds',
      help: 'Time since the oldest unfinished reply was asked for, by the clock of MySQL.',
    },
    async () => [[{}, (await read()).oldestSeconds]],
  )
}

/** Shows how many replies wait for a busy model. The backlog of unfinished replies includes them. */
export function measurePostponed(registry: Registry, countPostponed: () => Promise<number>): void {
  createGauge(
    registry,
    {
      name: 'engineer_chat_replies_waiting',
      help: 'Postponed replies that wait for a busy model, as MySQL counts them.',
    },
    async () => [[{}, await countPostponed()]],
  )
}

/** Counting reads all sessions, so the result is kept for a minute. */
const SESSIONS_KEPT_MS = 60_000

export function measureTotalSessions(registry: Registry, countSessions: () => Promise<number>): void {
  let cached: { count: Promise<number>; untilMs: number } | undefined
  createGauge(
    registry,
    { name: 'engineer_chat_total_sessions', help: 'Stored sessions that have a question, as MySQL counts them.' },
    async () => {
      if (!cached || Date.now() >= cached.untilMs)
        cached = { count: countSessions(), untilMs: Date.now() + SESSIONS_KEPT_MS }
      const { count } = cached
      count.catch(() => {
        if (cached?.count === count) cached = undefined
      })
      return [[{}, await count]]
    },
  )
}

/** Counts the queue's jobs by state, and says how long the oldest waiting job has waited. */
export interface QueueStats {
  queue: string
  counts: Record<string, number>
  oldestWaitingSeconds: number
}

/**
 * Measures the queue. `bullmq_job_count` has the name and the labels of BullMQ's own exporter. That exporter is not used:
 * its output has no line feed at its end, which promtool requires, and it does not measure the age of jobs.
 */
export function measureQueue(registry: Registry, readStats: () => Promise<QueueStats>): void {
  const read = shareRead(readStats)
  // promtool takes `_count` for the suffix of a histogram, and accepts it otherwise only with the type `untyped`.
  const metrics = registry.metrics.bind(registry)
  registry.metrics = async () =>
    (await metrics()).replace(/^# TYPE bullmq_job_count gauge$/m, '# TYPE bullmq_job_count untyped')
  createGauge(
    registry,
    { name: 'bullmq_job_count', help: 'Number of jobs in the queue by state.', labels: ['queue', 'state'] },
    async () => {
      const { queue, counts } = await read()
      return Object.entries(counts).map(([state, count]) => [{ queue, state }, count])
    },
  )
  createGauge(
    registry,
    { name: 'bullmq_job_oldest_waiting_seconds', help: 'Age of the oldest waiting job.', labels: ['queue'] },
    async () => {
      const { queue, oldestWaitingSeconds } = await read()
      return [[{ queue }, oldestWaitingSeconds]]
    },
  )
}

/**
 * The gauge is 1 while this process can use Redis: it answers on every connection and belongs to this installation. An
 * outage delays messages, but nothing is lost.
 */
export function measureRedis(registry: Registry, status: () => 'ready' | 'down'): void {
  createGauge(registry, { name: 'engineer_chat_redis_up', help: 'Whether this process can use Redis.' }, () => [
    [{}, status() === 'ready' ? 1 : 0],
  ])
}

/** The gauge is 1 while MySQL accepts writes of this process. A server that is read-only, full or hanging is not up. */
export function measureMysql(registry: Registry, probe: () => Promise<void>): void {
  createGauge(
    registry,
    { name: 'engineer_chat_mysql_up', help: 'Whether MySQL takes writes of this process.' },
    async () => [
      [
        {},
        await probe().then(
          () => 1,
          () => 0,
        ),
      ],
    ],
  )
}

export function measureClock(registry: Registry, getOffsetMs: () => number): void {
  createGauge(
    registry,
    { name: 'engineer_chat_mysql_clock_offset_seconds', help: "How far MySQL's clock is ahead of this process's." },
    () => [[{}, getOffsetMs() / 1_000]],
  )
}
