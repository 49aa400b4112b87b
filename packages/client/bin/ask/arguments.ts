import { parseArgs } from 'node:util'

const USAGE = `Usage: npm run ask -- "what should we contain first?" [--user=alice] [--event=ID] [--session=new|ID] [--data=.data]
       npm run ask -- "我们应该先遏制什么？"`

export interface Arguments {
  question: string
  user: string
  /** The demo's event is used if this is undefined. */
  event: string | undefined
  /** The value is `new` or an id; if undefined, the active session continues. */
  session: string | undefined
  dataFolder: string
}

export class UsageError extends Error {
  constructor(problem: string) {
    super(`${problem}\n${USAGE}`)
    this.name = 'UsageError'
  }
}

/** @throws UsageError */
export function parseArguments(args: string[]): Arguments {
  const { values, positionals } = parse(args)
  const question = positionals.join(' ').trim()
  if (question === '') throw new UsageError('There is no question.')
  const { user = 'alice', event, session, data: dataFolder = '.data' } = values
  return { question, user, event, session, dataFolder }
}

function parse(args: string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({ args, allowPositionals: true, options: { user: text, event: text, session: text, data: text } })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}
