import type { Server } from '../servers/server.ts'
import type { Supervised } from './app-process.ts'
import { type ProcessRun, superviseProcess } from './supervise-process.ts'

/** Supervises a running private server: it is started again when it ends unexpectedly. */
export function superviseServer(server: Server, hooks: { print(line: string): void; onChange(): void }): Supervised {
  let isRunning = true
  let restarting: Promise<boolean> | undefined
  let stopping: Promise<void> | undefined

  const restart = () => {
    restarting = server.restart().then(
      () => true,
      () => false,
    )
    return restarting
  }
  const createRun = (): ProcessRun => {
    isRunning = true
    hooks.onChange()
    const exited = server.exited.then(() => {
      isRunning = false
      hooks.onChange()
      return 'unexpectedly'
    })
    return { ready: Promise.resolve(true), exited }
  }
  const start = async (): Promise<ProcessRun> => {
    if (isRunning || (await restart())) return createRun()
    return { ready: Promise.resolve(false), exited: Promise.resolve('it could not be started') }
  }
  const supervised = superviseProcess({ name: server.name, logNote: '', start, print: hooks.print })
  const stop = async () => {
    const ended = supervised.stopRestarting()
    await restarting // A restart in progress would start the server again after this stop.
    await server.stop()
    await ended
  }
  return {
    ready: supervised.ready,
    findService: () =>
      isRunning ? { name: server.name, role: server.name, pid: server.pid, url: server.url } : undefined,
    stop: () => {
      stopping ??= stop()
      return stopping
    },
  }
}
