import type { Server } from '../servers/server.ts'
import type { Supervised } from './app-process.ts'
import { type Run, superviseProcess } from './supervise-process.ts'

/** Supervises a private server that runs already: it is started again when it dies. */
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
  const run = (): Run => {
    isRunning = true
    hooks.onChange()
    const exited = server.exited.then(() => {
      isRunning = false
      hooks.onChange()
      return 'without being stopped'
    })
    return { ready: Promise.resolve(true), exited }
  }
  const start = async (): Promise<Run> => {
    if (isRunning || (await restart())) return run()
    return { ready: Promise.resolve(false), exited: Promise.resolve('it could not be started') }
  }
  const supervised = superviseProcess({ name: server.name, hint: '', start, print: hooks.print })
  const stop = async () => {
    const released = supervised.release()
    await restarting // A restart that goes on would bring up what is stopped here.
    await server.stop()
    await released
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
