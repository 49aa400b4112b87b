import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { findBlockedPort } from '@engineer-chat/process/blocked-ports'
import { StartError } from './start-error.ts'

/**
 * Waits up to `waitMs` until all ports are free.
 * @throws StartError that names a port that is in use or that browsers refuse
 */
export async function requireFreePorts(host: string, ports: number[], waitMs: number): Promise<void> {
  const blocked = findBlockedPort(ports)
  if (blocked !== undefined)
    throw new StartError(`Browsers and fetch refuse port ${blocked}: choose another with --port=P, such as 5007.`)
  const deadlineMs = Date.now() + waitMs
  for (const port of ports) await waitUntilFree(host, port, deadlineMs)
}

async function waitUntilFree(host: string, port: number, deadlineMs: number): Promise<void> {
  for (;;) {
    const problem = await findPortProblem(host, port)
    if (problem === undefined) return
    if (Date.now() > deadlineMs) throw new StartError(describeProblem(problem, host, port))
    await sleep(100)
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
