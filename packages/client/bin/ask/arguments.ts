import { parseCommand, UsageError } from '@engineer-chat/process/commands'

export interface Arguments {
  question: string
  user: string
  /** The demo's event is used if this is undefined. */
  event: string | undefined
  /** The value is `new` or an id; if undefined, the active session continues. */
  session: string | undefined
  dataFolder: string
}

/** @throws UsageError */
export function parseArguments(args: string[]): Arguments {
  const { values, positionals } = parseCommand('ask', args)
  const question = positionals.join(' ').trim()
  if (question === '') throw new UsageError('ask', 'There is no question.')
  const { user, event, session, data: dataFolder } = values
  return { question, user, event, session, dataFolder }
}
