import type { LinkFault } from '../net/link.ts'
import type { LlmFault } from '../testbed/llm.ts'

/** Names the two ways in which no server of Redis answers: all hang, or all are stopped. */
export type RedisOutageKind = 'hang' | 'stop'

/**
 * Describes one fault. A `process` is the name of a supervised process, such as `worker-1`. `skew` restarts it with a
 * wrong clock. `restart` kills a server and starts it again. `move-slots` moves hash slots of a Redis cluster.
 */
export type Fault =
  | { type: 'kill'; process: string }
  | { type: 'freeze'; process: string }
  | { type: 'skew'; process: string; skewMs: number }
  | { type: 'link'; link: string; fault: LinkFault }
  | { type: 'flushall' }
  | { type: 'restart'; server: 'mysql' | 'redis' }
  | { type: 'freeze-server'; server: 'mysql' | 'redis' }
  | { type: 'move-slots' }
  | { type: 'deploy' }
  | { type: 'llm'; fault: LlmFault }
  | { type: 'redis-away'; kind: RedisOutageKind }

export interface PlannedFault {
  /** Gives the time since the injection of faults began. */
  startMs: number
  /**
   * Gives the length of the fault. After a kill, the process starts again when this time is over. The types `skew`,
   * `flushall`, `move-slots` and `deploy` do not use it.
   */
  durationMs: number
  fault: Fault
}

export function describeFault({ startMs, durationMs, fault }: PlannedFault): string {
  const { type, ...details } = fault
  return `${(startMs / 1_000).toFixed(1).padStart(7)} s  ${[type, ...Object.values(details)].join(' ')}, ${durationMs} ms`
}
