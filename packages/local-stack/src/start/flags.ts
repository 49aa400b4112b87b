import { resolve } from 'node:path'
import { parseCommand, UsageError } from '@engineer-chat/process/commands'
import { StartError } from './start-error.ts'

export interface Flags {
  api: number
  workers: number
  port: number
  /** Is an absolute path. */
  data: string
  fresh: boolean
  demo: boolean
}

const MAX_PORT = 65_535

/** @throws StartError with the usage */
export function parseFlags(args: string[], env: NodeJS.ProcessEnv, name: 'start' | 'dev' = 'start'): Flags {
  try {
    const { values } = parseCommand(name, withPort(args, env.PORT))
    const [api, port] = [Number(values.api ?? 1), Number(values.port ?? 5007)]
    if (port > MAX_PORT - api + 1)
      throw new UsageError(
        name,
        `--port=${port}: ${api} API nodes need ports up to ${port + api - 1}, but ${MAX_PORT} is the last one.`,
      )
    const [workers, data] = [Number(values.workers ?? 1), resolve(values.data)]
    return { api, port, workers, data, fresh: values.fresh === true, demo: values['no-demo'] !== true }
  } catch (error) {
    if (error instanceof UsageError) throw new StartError(error.message, 2)
    throw error
  }
}

/** Uses the variable `PORT` if there is no `--port`. Both are checked in the same way. */
const withPort = (args: string[], port: string | undefined): string[] =>
  port && !args.some((arg) => arg.startsWith('--port')) ? [...args, `--port=${port}`] : args
