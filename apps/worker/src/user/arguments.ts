import { parseCommandLine } from '@engineer-chat/process/commands'
import { UserRole } from '@engineer-chat/protocol'

const ROLES = UserRole.enum.join('|')

export type PasswordSource =
  | { type: 'terminal' }
  | { type: 'stdin' }
  | { type: 'file'; path: string }
  | { type: 'generated' }

/** Is what the first argument of `npm run user` asks for. */
export type UserSubcommand =
  | { type: 'list'; json: boolean }
  | { type: 'create'; username: string; role: UserRole; passwordSource: PasswordSource }
  | { type: 'reset-password'; username: string; passwordSource: PasswordSource }
  | { type: 'deactivate'; username: string }

/** Reports arguments that `npm run user` does not accept. */
export class UserArgumentsError extends Error {}

const PASSWORD_OPTIONS = ['password-stdin', 'password-file', 'generate-password'] as const
const OPTIONS_BY_COMMAND: Record<string, readonly string[]> = {
  create: ['role', ...PASSWORD_OPTIONS],
  list: ['json'],
  'reset-password': PASSWORD_OPTIONS,
  deactivate: [],
}

/** @throws UserArgumentsError, whose text contains no argument, because an argument may be a misplaced password */
export function parseUserArguments(args: string[]): { command: UserSubcommand; dataFolder: string | undefined } {
  const { values, positionals } = parseOptions(args)
  const [type = '', username, ...unexpectedArguments] = positionals
  const { data: dataFolder } = values // `--data` names the data folder of an `npm start`.
  const allowedOptions = OPTIONS_BY_COMMAND[type]
  if (!allowedOptions) throw new UserArgumentsError('expected a command: create, list, reset-password or deactivate')
  const misplacedOption = Object.keys(values).find((name) => name !== 'data' && !allowedOptions.includes(name))
  if (misplacedOption) throw new UserArgumentsError(`--${misplacedOption} is not an option of ${type}`)
  if (unexpectedArguments.length > 0 || (type === 'list' && username !== undefined))
    throw new UserArgumentsError('there is an unexpected argument')
  if (type === 'list') return { command: { type, json: values.json === true }, dataFolder }
  if (!username) throw new UserArgumentsError(`${type} needs the user's name`)
  return { command: toCommand(type, username, values), dataFolder }
}

type OptionValues = ReturnType<typeof parseOptions>['values']

function toCommand(type: string, username: string, values: OptionValues): UserSubcommand {
  if (type === 'deactivate') return { type, username }
  const passwordSource = findPasswordSource(values)
  if (type === 'reset-password') return { type, username, passwordSource }
  const role = UserRole.enum.find((name) => name === values.role)
  if (!role) throw new UserArgumentsError(`create needs --role=${ROLES}`)
  return { type: 'create', username, role, passwordSource }
}

function findPasswordSource(values: OptionValues): PasswordSource {
  const givenOptions = PASSWORD_OPTIONS.filter((name) => values[name] !== undefined)
  if (givenOptions.length > 1) throw new UserArgumentsError(`--${givenOptions.join(' and --')} cannot be combined`)
  if (values['password-stdin']) return { type: 'stdin' }
  if (values['generate-password']) return { type: 'generated' }
  const path = values['password-file']
  if (path === '') throw new UserArgumentsError('--password-file needs the path of a file')
  return path === undefined ? { type: 'terminal' } : { type: 'file', path }
}

function parseOptions(args: string[]) {
  if (args.some((arg) => /^--password(=|$)/.test(arg))) {
    throw new UserArgumentsError(
      'a password is not taken as an argument: use --password-stdin, --password-file or a terminal',
    )
  }
  try {
    return parseCommandLine('user', args)
  } catch {
    throw new UserArgumentsError('an option is unknown or has no value, or the command is missing')
  }
}
