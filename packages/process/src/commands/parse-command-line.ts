import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { type Command, type CommandOption, renderUsage } from './command.ts'
import { COMMANDS, type CommandName } from './table.ts'

const USAGE_EXIT_CODE = 2

/** Is thrown for wrong arguments. The message names the problem and contains the usage of the command. */
export class UsageError extends Error {
  constructor(name: CommandName, problem: string) {
    super(`${problem}\n\n${getUsage(name)}`)
    this.name = 'UsageError'
  }
}

export const getUsage = (name: CommandName): string => renderUsage(COMMANDS[name])

/** Returns what `--help` prints, or undefined if the arguments do not ask for it. */
export function findHelp(name: CommandName, args: string[]): string | undefined {
  const options = args.includes('--') ? args.slice(0, args.indexOf('--')) : args
  return options.includes('--help') || options.includes('-h') ? getUsage(name) : undefined
}

/** Parses the arguments of a command. @throws UsageError */
export function parseCommandLine<N extends CommandName>(name: N, args: string[]) {
  const command: Command = COMMANDS[name]
  const options: (typeof COMMANDS)[N]['options'] = COMMANDS[name].options
  const parsed = parse(name, args, options)
  const { min, max } = command.positionals ?? { min: 0, max: 0 }
  const count = parsed.positionals.length
  if (count < min) throw new UsageError(name, `Expected ${command.positionals?.names}.`)
  if (count > max) throw new UsageError(name, `Unexpected argument: ${parsed.positionals[max]}`)
  for (const [option, value] of Object.entries(parsed.values)) {
    const expected = describeExpected(command.options[option], value)
    if (expected !== undefined) throw new UsageError(name, `--${option}=${value}: expected ${expected}.`)
  }
  return parsed
}

/** Reads the arguments of this process. If they ask for the usage or are wrong, it is printed and the process ends. */
export function readCommandLine<N extends CommandName>(name: N) {
  const args = process.argv.slice(2)
  const help = findHelp(name, args)
  if (help !== undefined) {
    console.log(help)
    process.exit(0)
  }
  try {
    return parseCommandLine(name, args)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(error.message)
    process.exit(USAGE_EXIT_CODE)
  }
}

function parse<O extends ParseArgsOptionsConfig>(name: CommandName, args: string[], options: O) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    // Only the first sentence is kept: Node adds advice about arguments that begin with a dash.
    const [problem = ''] = error instanceof Error ? error.message.split(/\. |\n/) : [String(error)]
    throw new UsageError(name, `${problem.replace(/\.$/, '')}.`)
  }
}

/** Describes the allowed values for a wrong value. Returns undefined for a right one. */
function describeExpected(option: CommandOption | undefined, value: unknown): string | undefined {
  const { range, choices } = option ?? {}
  if (choices && !choices.some((choice) => choice === value)) return `one of ${choices.join(', ')}`
  if (!range) return undefined
  const number = /^\d+$/.test(String(value)) ? Number(value) : Number.NaN
  return number >= range[0] && number <= range[1] ? undefined : `a whole number from ${range[0]} to ${range[1]}`
}
