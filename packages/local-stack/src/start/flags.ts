import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { StartError } from './start-error.ts'

const USAGE = `Usage: npm start -- [--api=N] [--workers=N] [--port=P] [--data=DIR] [--fresh] [--no-demo]
  --api=N      API nodes (1), on the port and the ones after it
  --workers=N  workers (1)
  --port=P     where the first API node listens (5007)
  --data=DIR   where data, logs and run.json are kept (.data)
  --fresh      begin with empty data
  --no-demo    no demo users and events: an admin alone`

export interface Flags {
  api: number
  workers: number
  port: number
  /** Is an absolute path. */
  data: string
  fresh: boolean
  demo: boolean
}

const MAX_PROCESSES = 64
const MAX_PORT = 65_535

/** @throws StartError with the usage */
export function parseFlags(args: string[], env: NodeJS.ProcessEnv): Flags {
  const values = parse(args)
  const api = parseInteger('--api', values.api ?? '1', 1, MAX_PROCESSES)
  return {
    api,
    workers: parseInteger('--workers', values.workers ?? '1', 0, MAX_PROCESSES),
    port: parseInteger('--port', values.port ?? (env.PORT || '5007'), 1, MAX_PORT - api + 1),
    data: resolve(values.data ?? '.data'),
    fresh: values.fresh === true,
    demo: values['no-demo'] !== true,
  }
}

function parse(args: string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const options = { api: text, workers: text, port: text, data: text, fresh: flag, 'no-demo': flag }
  try {
    return parseArgs({ args, options }).values
  } catch (error) {
    throw createUsageError(error instanceof Error ? error.message : String(error))
  }
}

function parseInteger(name: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw createUsageError(`${name}=${text}: expected a whole number from ${min} to ${max}.`)
}

const createUsageError = (problem: string) => new StartError(`${problem}\n${USAGE}`, 2)
