import { benchFanout } from './fanout/bench.ts'
import { benchHistory } from './history/bench.ts'
import type { Quiet } from './measure/quiet.ts'
import type { Report } from './report/report.ts'
import type { Scale } from './scale.ts'
import { benchSend } from './send/bench.ts'
import { benchStart } from './start/bench.ts'
import { benchStreaming } from './streaming/bench.ts'
import { benchWorkers } from './workers/bench.ts'

export { Quiet } from './measure/quiet.ts'
export { SCALES } from './scale.ts'

export const BENCHES = {
  send: benchSend,
  fanout: benchFanout,
  streaming: benchStreaming,
  workers: benchWorkers,
  history: benchHistory,
  start: benchStart,
} satisfies Record<string, (scale: Scale, quiet: Quiet) => Promise<Report>>

export type BenchName = keyof typeof BENCHES
