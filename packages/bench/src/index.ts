import { benchAnswers } from './answers/bench.ts'
import { benchBurst } from './burst/bench.ts'
import { benchFanout } from './fanout/bench.ts'
import { benchHistory } from './history/bench.ts'
import { benchIdle } from './idle/bench.ts'
import { benchInbox } from './inbox/bench.ts'
import type { Measurer } from './measure/measurer.ts'
import { listKeys } from './measure/record.ts'
import { benchMemory } from './memory/bench.ts'
import { benchPrompt } from './prompt/bench.ts'
import { benchRanking } from './ranking/bench.ts'
import { benchRedisAway } from './redis-away/bench.ts'
import type { BenchReport } from './report/report.ts'
import { benchRetention } from './retention/bench.ts'
import { benchRetrieval } from './retrieval/bench.ts'
import type { Scale } from './scale.ts'
import { benchSend } from './send/bench.ts'
import { benchSimilar } from './similar/bench.ts'
import { benchStart } from './start/bench.ts'
import { benchStreaming } from './streaming/bench.ts'
import { benchWorkers } from './workers/bench.ts'

export { Measurer } from './measure/measurer.ts'
export { SCALES } from './scale.ts'

export const BENCHES = {
  send: benchSend,
  fanout: benchFanout,
  inbox: benchInbox,
  streaming: benchStreaming,
  workers: benchWorkers,
  answers: benchAnswers,
  burst: benchBurst,
  'redis-away': benchRedisAway,
  history: benchHistory,
  retrieval: benchRetrieval,
  retention: benchRetention,
  ranking: benchRanking,
  similar: benchSimilar,
  prompt: benchPrompt,
  start: benchStart,
  idle: benchIdle,
  memory: benchMemory,
} satisfies Record<string, (scale: Scale, measurer: Measurer) => Promise<BenchReport>>

export type BenchName = keyof typeof BENCHES

export const BENCH_NAMES: BenchName[] = listKeys(BENCHES)
