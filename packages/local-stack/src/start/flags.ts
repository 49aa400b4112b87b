import { resolve } from 'node:path'
import { parseCommandLine, UsageError } from '@engineer-chat/process/commands'
import { StartError } from './start-error.ts'

export interface Flags {
  apiCount: number
  workerCount: number
  /** Gives the port of the first API node. The others have the next ports. */
  firstPort: number
  /** Holds the absolute path of the folder with all data of the product. */
  dataFolder: string
  /** If true, the data of earlier starts is removed first. */
  isFresh: boolean
  /** If true, the seed adds demo events and their users. */
  hasDemo: boolean
}

const DEFAULT_PORT = 5007
const MAX_PORT = 65_535

/**
 * With `npm run dev`, a server of its own serves the page, at the port of the first API node plus this number: 5007
 * gives 5173, the default of Vite. The number is higher than 64, the maximum of API nodes, so that no API node has
 * that port.
 */
const PAGE_PORT_OFFSET = 166

export const listPorts = ({ apiCount, firstPort }: Pick<Flags, 'apiCount' | 'firstPort'>): number[] =>
  Array.from({ length: apiCount }, (_, index) => firstPort + index)

export const toPagePort = ({ firstPort }: Pick<Flags, 'firstPort'>): number => firstPort + PAGE_PORT_OFFSET

/** @throws StartError with the usage */
export function parseFlags(args: string[], env: NodeJS.ProcessEnv, name: 'start' | 'dev' = 'start'): Flags {
  try {
    const { values } = parseCommandLine(name, addPortVariable(args, env.PORT))
    const [apiCount, firstPort] = [Number(values.api ?? 1), Number(values.port ?? DEFAULT_PORT)]
    const ports = [...listPorts({ apiCount, firstPort }), ...(name === 'dev' ? [toPagePort({ firstPort })] : [])]
    const lastPort = Math.max(...ports)
    if (lastPort > MAX_PORT)
      throw new UsageError(
        name,
        `--port=${firstPort}: the product needs ports up to ${lastPort}, but ${MAX_PORT} is the last one.`,
      )
    return {
      apiCount,
      workerCount: Number(values.workers ?? 1),
      firstPort,
      dataFolder: resolve(values.data),
      isFresh: values.fresh === true,
      hasDemo: values['no-demo'] !== true,
    }
  } catch (error) {
    if (error instanceof UsageError) throw new StartError(error.message, 2)
    throw error
  }
}

/** Adds the variable `PORT` to the arguments if they have no `--port`, so that both are checked in the same way. */
const addPortVariable = (args: string[], port: string | undefined): string[] =>
  port && !args.some((arg) => arg.startsWith('--port')) ? [...args, `--port=${port}`] : args
