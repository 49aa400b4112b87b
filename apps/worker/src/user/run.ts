import { readConfig, toDatabaseTls } from '@engineer-chat/adapters/environment'
import { MysqlUnreachableError } from '@engineer-chat/adapters/mysql'
import { ChatError } from '@engineer-chat/chat/shared'
import { findHelp, getUsage } from '@engineer-chat/process/commands'
import { runOrExit } from '../read-environment-or-exit.ts'
import { addRunningProductVariables } from '../running-product.ts'
import { parseUserArguments, UserArgumentsError } from './arguments.ts'
import { execute, NotMigratedError } from './execute.ts'
import { InterruptedError, PasswordError } from './password.ts'

/** Shells report this code for a program that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130

/** Runs one command and returns the exit code. */
export async function runUserCommand(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const help = args[0] === 'help' ? getUsage('user') : findHelp('user', args)
    console.log(help ?? (await runCommand(args, env)))
    return 0
  } catch (error) {
    return reportError(error)
  }
}

async function runCommand(args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { command, dataFolder } = parseUserArguments(args)
  const config = await runOrExit(() => readConfig(addRunningProductVariables(env, dataFolder), ['database']))
  return execute({ url: config.database.url, tls: toDatabaseTls(config) }, command)
}

function reportError(error: unknown): number {
  if (error instanceof InterruptedError) return EXIT_INTERRUPTED
  if (error instanceof UserArgumentsError) {
    console.error(`user: ${error.message}\n\n${getUsage('user')}`)
    return 2
  }
  if (error instanceof ChatError) {
    console.error(['Nothing was changed.', ...listReasons(error)].join(' '))
    return 1
  }
  const isExpected = [PasswordError, NotMigratedError, MysqlUnreachableError].some((kind) => error instanceof kind)
  if (!isExpected || !(error instanceof Error)) throw error
  console.error(error.message)
  return 1
}

function listReasons({ code, message, extras }: ChatError): string[] {
  if (code === 'last_admin') return [message, 'Create another admin first.']
  if (code === 'unavailable') return ['MySQL was busy or did not answer. Try again in a moment.']
  if (!extras.errors) return [message]
  // A path such as `/password` names the field.
  return extras.errors.map((fieldError) => `The ${fieldError.path.slice(1)} ${fieldError.message}.`)
}
