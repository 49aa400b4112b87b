import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { readResidentBytes } from '../measure/processes.ts'
import { toRatio, toSpread } from '../measure/quantiles.ts'
import type { QuietMachine } from '../measure/quiet-machine.ts'
import { alternate } from '../measure/rounds.ts'
import { startStack } from '../processes/stack.ts'
import { atMost, type Report, spread } from '../report/report.ts'
import type { Scale } from '../scale.ts'

const run = promisify(execFile)

interface Started {
  listens_ms: number
  resident_mib: number
}

const MIB = 1_024 ** 2
const SOURCE = 'apps/api/src/main.ts'
const BUNDLE = 'dist/api.js'
const ENTRIES = [SOURCE, BUNDLE]

/** Measures the time from the command to the first answer, and the memory of an idle API. */
export async function benchStart({ rounds, start }: Scale, machine: QuietMachine): Promise<Report> {
  const stack = await startStack()
  try {
    await run(process.execPath, [new URL('../../../../deploy/bundle.ts', import.meta.url).pathname])
    const launch = async (entry: string): Promise<Started> => {
      const begin = performance.now()
      const api = await stack.startApi({}, entry)
      const listens_ms = performance.now() - begin
      await sleep(start.rest_ms)
      const resident_mib = readResidentBytes(api.pid) / MIB
      await api.kill()
      return { listens_ms, resident_mib }
    }
    await launch(SOURCE) // The first start migrates the database.
    const results = await alternate(machine, ENTRIES, rounds, launch)
    const of = (entry: string, pick: keyof Started) => (results[entry] ?? []).map((one) => one[pick])
    return {
      bench: 'start',
      tables: [
        {
          title: 'one API node, on a migrated database',
          head: ['', 'answers /livez after, ms', 'at rest, MiB', '× source'],
          rows: ENTRIES.map((entry) => [
            entry,
            spread(toSpread(of(entry, 'listens_ms'))),
            spread(toSpread(of(entry, 'resident_mib'))),
            spread(toRatio(of(entry, 'listens_ms'), of(SOURCE, 'listens_ms'))),
          ]),
        },
      ],
      goals: [
        atMost(`listening, from ${BUNDLE}`, 400, 'ms', toSpread(of(BUNDLE, 'listens_ms'))),
        atMost(`at rest, from ${BUNDLE}`, 120, 'MiB', toSpread(of(BUNDLE, 'resident_mib'))),
      ],
      data: results,
    }
  } finally {
    await stack.stop()
  }
}
