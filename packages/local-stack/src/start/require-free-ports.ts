import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { findBlockedPort } from '@engineer-chat/process/blocked-ports'
import { StartError } from './start-error.ts'

export interface WaitOptions {
  waitMs: number
  /** The wait ends when this signal is aborted. */
  signal: AbortSignal
  print(line: string): void
}

/**
 * Waits until all ports are free, up to `waitMs` or until the signal is aborted.
 * @throws StartError that names a port that is in use or that browsers refuse
 */
export async function requireFreePorts(host: string, ports: number[], wait: WaitOptions): Promise<void> {
  const blocked = findBlockedPort(ports)
  if (blocked !== undefined)
    throw new StartError(`Browsers and fetch refuse port ${blocked}: choose another with --port=P, such as 5007.`)
  const deadlineMs = Date.now() + wait.waitMs
  for (const port of ports) await waitUntilFree(host, port, deadlineMs, wait)
}

async function waitUntilFree(
  host: string,
  port: number,
  deadlineMs: number,
  { signal, print }: WaitOptions,
): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const problem = await findPortProblem(host, port)
    if (problem === undefined) return
    if (problem !== 'EADDRINUSE' || Date.now() >= deadlineMs) throw new StartError(describeProblem(problem, host, port))
    if (attempt === 1) print(`Waiting for port ${port}, which is in use. 正在等待端口 ${port} 空闲……`)
    await sleep(100, undefined, { signal }).catch(() => {}) // An abort ends the loop.
  }
}

/** Returns why the port can't be used, or undefined if it can. */
function findPortProblem(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(undefined)))
  })
}

function describeProblem(problem: string, host: string, port: number): string {
  if (problem === 'EADDRINUSE') return `Port ${port} is in use: stop what uses it, or choose another with --port=P.`
  if (problem === 'EACCES') return `This user may not listen on port ${port}: choose a port above 1023 with --port=P.`
  return `Can't listen on ${host}:${port} (${problem}).`
}
