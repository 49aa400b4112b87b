import { parseCommandLine, UsageError } from '@engineer-chat/process/commands'

export interface Arguments {
  question: string
  user: string
  /** Holds the id of the event. If it is undefined, the question is asked in the demo's event. */
  event: string | undefined
  /** Holds `new` or the id of a session. If it is undefined, the active session continues. */
  session: string | undefined
  dataFolder: string
  /** Names a product on another machine, and the file with the user's password for it. */
  remote: { url: string; passwordFile: string } | undefined
}

/** @throws UsageError */
export function parseArguments(args: string[]): Arguments {
  const { values, positionals } = parseCommandLine('ask', args)
  const question = positionals.join(' ').trim()
  if (question === '') throw new UsageError('ask', 'There is no question.')
  const { user, event, session, data: dataFolder, url, 'password-file': passwordFile } = values
  if ((url === undefined) !== (passwordFile === undefined))
    throw new UsageError('ask', '--url and --password-file belong together.')
  const remote = url !== undefined && passwordFile !== undefined ? { url, passwordFile } : undefined
  return { question, user, event, session, dataFolder, remote }
}
