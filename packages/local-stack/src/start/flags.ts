import { resolve } from 'node:path'
import { parseCommand, UsageError } from '@engineer-chat/process/commands'
import { StartError } from './start-error.ts'

export interface Flags {
  /** Gives the number of API nodes. */
  api: number
  /** Gives the number of workers. */
  workers: number
  /** Gives the port of the first API node. The others have the next ports. */
  port: number
  /** Holds the absolute path of the data folder. */
  data: string
  /** If true, the data of earlier starts is removed first. */
  fresh: boolean
  /** If true, the seed adds a demo event and its users. */
  demo: boolean
}

const DEFAULT_PORT = 5007
const MAX_PORT = 65_535

/** @throws StartError with the usage */
export function parseFlags(args: string[], env: NodeJS.ProcessEnv, name: 'start' | 'dev' = 'start'): Flags {
  try {
    const { values } = parseCommand(name, addPortVariable(args, env.PORT))
    const [api, port] = [Number(values.api ?? 1), Number(values.port ?? DEFAULT_PORT)]
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

/** Adds the variable `PORT` to the arguments if they have no `--port`, so that both are checked in the same way. */
const addPortVariable = (args: string[], port: string | undefined): string[] =>
  port && !args.some((arg) => arg.startsWith('--port')) ? [...args, `--port=${port}`] : args
