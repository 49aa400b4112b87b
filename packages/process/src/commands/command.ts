/** Describes an option of a command. Node's `parseArgs` uses `type`, `short`, `multiple` and `default`. */
export interface CommandOption {
  type: 'string' | 'boolean'
  short?: string
  /** If true, the option may be given several times, and its value is a list. */
  multiple?: boolean
  default?: string
  /** Stands for the value in the usage, such as `N` in `--limit=N`. */
  placeholder?: string
  /** Follows the option's name in the usage. */
  description: string
  /** Holds the lowest and the highest whole number that is allowed. */
  range?: readonly [number, number]
  /** Lists the allowed values. */
  choices?: readonly string[]
}

/** Describes how a command is called. */
export interface Command {
  /** Is the npm command that runs it in a checkout; undefined for a program that only an image has. */
  script?: string
  /** Is the name of the file that runs it in an image, `dist/<program>.js`; undefined if no image has it. */
  program?: string
  summary: string
  /** Describes the arguments that are not options; undefined if there are none. */
  positionals?: { names: string; min: number; max: number }
  options: Record<string, CommandOption>
  /** Follows the options in the usage. */
  details?: string
}

/** Renders what `--help` prints. */
export function renderUsage({ script, program, summary, positionals, options, details }: Command): string {
  const args = [positionals?.names, Object.keys(options).length > 0 && '[options]'].filter(Boolean).join(' ')
  const checkoutCall = script && (args === '' ? script : `${script} -- ${args}`)
  const imageCall = program && `node dist/${program}.js${args && ` ${args}`}`
  const calls = [checkoutCall, checkoutCall && imageCall ? `In an image: ${imageCall}` : imageCall].filter(Boolean)
  const rows = [...Object.entries(options).map(toRow), ['--help', 'shows this text'] as const]
  const width = Math.max(...rows.map(([name]) => name.length))
  const lines = rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)
  return [`Usage: ${calls.join('\n')}`, '', summary, '', ...lines, ...(details ? ['', details] : [])].join('\n')
}

function toRow([name, option]: [string, CommandOption]): readonly [string, string] {
  const placeholder = option.placeholder ?? option.choices?.join('|')
  const description = option.default === undefined ? option.description : `${option.description} (${option.default})`
  return [`${option.short ? `-${option.short}, ` : ''}--${name}${placeholder ? `=${placeholder}` : ''}`, description]
}
