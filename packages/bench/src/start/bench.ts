import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Measurer } from '../measure/measurer.ts'
import { readResidentBytes } from '../measure/processes.ts'
import { toRatioStats, toRoundStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import { startStack } from '../processes/stack.ts'
import { type BenchReport, createMaximumGoal, formatStats } from '../report/report.ts'
import type { Scale } from '../scale.ts'

const executeFile = promisify(execFile)

interface StartStats {
  /** Gives the time from the start of the process to the first successful response of the health check. */
  listens_ms: number
  resident_mib: number
}

const MIB = 1_024 ** 2
const SOURCE = 'apps/api/src/main.ts'
const BUNDLE = 'dist/api.js'
const ENTRIES = [SOURCE, BUNDLE]

/** Measures the time from the start of an API node to its first response, and its memory, for source and bundle. */
export async function benchStart({ rounds, start }: Scale, measurer: Measurer): Promise<BenchReport> {
  const stack = await startStack()
  try {
    // This writes the bundle.
    await executeFile(process.execPath, [new URL('../../../../deploy/bundle.ts', import.meta.url).pathname])
    const measureStart = async (entry: string): Promise<StartStats> => {
      const startedAtMs = performance.now()
      const api = await stack.startApi({}, entry)
      const listens_ms = performance.now() - startedAtMs
      await sleep(start.restMs)
      const resident_mib = readResidentBytes(api.pid) / MIB
      await api.kill()
      return { listens_ms, resident_mib }
    }
    await measureStart(SOURCE) // The first start migrates the database.
    const results = await measureAlternately(measurer, ENTRIES, rounds, measureStart)
    const listValues = (entry: string, pick: keyof StartStats) => (results[entry] ?? []).map((stats) => stats[pick])
    return {
      bench: 'start',
      tables: [
        {
          title: 'one API node, on a migrated database',
          head: ['', 'answers /livez after, ms', 'at rest, MiB', '× source'],
          rows: ENTRIES.map((entry) => [
            entry,
            formatStats(toRoundStats(listValues(entry, 'listens_ms'))),
            formatStats(toRoundStats(listValues(entry, 'resident_mib'))),
            formatStats(toRatioStats(listValues(entry, 'listens_ms'), listValues(SOURCE, 'listens_ms'))),
          ]),
        },
      ],
      goals: [
        createMaximumGoal(`listening, from ${BUNDLE}`, 400, 'ms', toRoundStats(listValues(BUNDLE, 'listens_ms'))),
        createMaximumGoal(`at rest, from ${BUNDLE}`, 120, 'MiB', toRoundStats(listValues(BUNDLE, 'resident_mib'))),
      ],
      data: results,
    }
  } finally {
    await stack.stop()
  }
}
