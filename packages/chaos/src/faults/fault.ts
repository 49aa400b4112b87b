import type { LlmFault } from '../cluster/llm.ts'
import type { LinkFault } from '../net/link.ts'

/** Says why no server of Redis answers: all hang, or all are stopped. */
export type RedisOutage = 'hang' | 'stop'

export type Fault =
  | { type: 'kill'; slot: string }
  | { type: 'freeze'; slot: string }
  | { type: 'skew'; slot: string; skewMs: number }
  | { type: 'link'; link: string; fault: LinkFault }
  | { type: 'flushall' }
  | { type: 'restart'; server: 'mysql' | 'redis' }
  | { type: 'freeze-server'; server: 'mysql' | 'redis' }
  | { type: 'move-slots' }
  | { type: 'deploy' }
  | { type: 'llm'; fault: LlmFault }
  | { type: 'redis-away'; how: RedisOutage }

export interface PlannedFault {
  /** Counts from the start of the run. */
  startMs: number
  /** Is how long the fault lasts; for a kill, the pause before the process starts again. */
  durationMs: number
  fault: Fault
}

export function describeFault({ startMs, durationMs, fault }: PlannedFault): string {
  const { type, ...details } = fault
  return `${(startMs / 1_000).toFixed(1).padStart(7)} s  ${[type, ...Object.values(details)].join(' ')}, ${durationMs} ms`
}
