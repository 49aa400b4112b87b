import { type Launched, startContender } from '../processes/launch.ts'
import type { CrowdAnswer, CrowdCommand } from './protocol.ts'

/** Runs thousands of sockets in a process of their own. */
export interface Crowd {
  ask(command: CrowdCommand): Promise<Required<CrowdAnswer>>
  process: Launched
}

const TIMEOUT_MS = 60_000

export async function startCrowd(): Promise<Crowd> {
  const launched = await startContender('crowd', { NODE_OPTIONS: '--max-old-space-size=4096' })
  const { child } = launched
  return {
    process: launched,
    async ask(command) {
      const { promise, resolve, reject } = Promise.withResolvers<CrowdAnswer>()
      child.once('message', resolve)
      const late = setTimeout(() => reject(new Error(`The crowd never did this: ${command.type}`)), TIMEOUT_MS)
      child.send(command)
      const answer = await promise.finally(() => clearTimeout(late))
      if (answer.error !== undefined) throw new Error(`${command.type}: ${answer.error}`)
      return { error: '', elapsed_ms: 0, deliveries: 0, p50_ms: Number.NaN, p99_ms: Number.NaN, ...answer }
    },
  }
}
