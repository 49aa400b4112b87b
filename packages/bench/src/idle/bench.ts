import { setTimeout as sleep } from 'node:timers/promises'
import type { Measurer } from '../measure/measurer.ts'
import { watchCpu } from '../measure/processes.ts'
import { quantile, toRoundStats } from '../measure/quantiles.ts'
import type { LaunchedProcess } from '../processes/launch.ts'
import { type Stack, startStack } from '../processes/stack.ts'
import { type BenchReport, createMaximumGoal } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { toRow } from '../workers/row.ts'

const ROLES = ['an API node', 'a worker'] as const
type Role = (typeof ROLES)[number]

interface IdleStats {
  /** Gives the time from the start of the process to the first successful response of the health check. */
  starts_ms: number
  /** Gives the processor time of the process at rest, in percent of one core. */
  core_percent: number
  metrics_p50_ms: number
  metrics_p95_ms: number
}

/** Measures how fast the bundle's processes start, their processor time without work, and how long `/metrics` takes. */
export async function benchIdle({ rounds, idle }: Scale, measurer: Measurer): Promise<BenchReport> {
  const stack = await startStack()
  try {
    await (await stack.startApi()).kill() // The first start migrates the database and fills the compile cache.
    await (await stack.startWorker()).kill()
    const results: Record<Role, IdleStats[]> = { 'an API node': [], 'a worker': [] }
    for (let round = 0; round < rounds; round++) {
      for (const role of ROLES) results[role].push(await measurer.measure(() => measureIdle(stack, role, idle)))
    }
    const listValues = (role: Role, key: keyof IdleStats) => results[role].map((stats) => stats[key])
    return {
      bench: 'idle',
      tables: [
        {
          title: `a process of the bundle that rests for ${idle.restMs / 1_000} s`,
          head: ['', 'ready after, ms', '% of a core', '/metrics p50 ms', '/metrics p95 ms'],
          rows: ROLES.map((role) => toRow(role, results[role])),
        },
      ],
      goals: [
        ...ROLES.map((role) =>
          createMaximumGoal(`${role} is ready`, 400, 'ms', toRoundStats(listValues(role, 'starts_ms'))),
        ),
        createMaximumGoal('an idle worker', 0.2, '% of a core', toRoundStats(listValues('a worker', 'core_percent'))),
        ...ROLES.map((role) =>
          createMaximumGoal(`/metrics of ${role}, p95`, 5, 'ms', toRoundStats(listValues(role, 'metrics_p95_ms'))),
        ),
      ],
      data: results,
    }
  } finally {
    await stack.stop()
  }
}

async function measureIdle(stack: Stack, role: Role, { restMs, scrapes }: Scale['idle']): Promise<IdleStats> {
  const startedAtMs = performance.now()
  const started = await (role === 'a worker' ? stack.startWorker() : stack.startApi())
  const starts_ms = performance.now() - startedAtMs
  await sleep(restMs / 2) // The process finishes its start.
  const readUsage = watchCpu({ process: started.pid })
  await sleep(restMs)
  const { cpuUs, elapsedMs } = readUsage()
  const scrapesMs = await measureScrapes(started, scrapes)
  await started.kill()
  return {
    starts_ms,
    core_percent: (100 * cpuUs.process) / (elapsedMs * 1_000),
    metrics_p50_ms: quantile(scrapesMs, 0.5),
    metrics_p95_ms: quantile(scrapesMs, 0.95),
  }
}

/** Reads the metrics several times, one read after another. The first read, which compiles code, does not count. */
async function measureScrapes({ url }: LaunchedProcess, scrapes: number): Promise<number[]> {
  const durationsMs: number[] = []
  for (let scrape = 0; scrape <= scrapes; scrape++) {
    const startedAtMs = performance.now()
    const response = await fetch(`${url}/metrics`)
    await response.text()
    if (!response.ok) throw new Error(`/metrics: ${response.status}`)
    durationsMs.push(performance.now() - startedAtMs)
  }
  return durationsMs.slice(1)
}
