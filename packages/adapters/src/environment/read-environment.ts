import { Value } from 'typebox/value'
import { type CombinationProblem, findCombinationProblems } from './combinations.ts'
import { type Described, describe, describeExpected } from './describe-variable.ts'
import { type GivenSecret, readCertificates, readSecret } from './secret-file.ts'
import { type AllSections, type Config, listVariables, NODE_SECTIONS, type SectionName } from './table.ts'
import type { Variable } from './variable-types.ts'

/** Lists every variable that is missing or wrong. Its message holds no secret. */
export class EnvironmentError extends Error {
  readonly variables: string[]

  constructor(problems: Problem[]) {
    super(['The configuration is not complete:', ...problems.map(toLine)].join('\n'))
    this.name = 'EnvironmentError'
    this.variables = problems.map(({ name }) => name)
  }
}

/**
 * Creates the error for a problem that is found after the configuration was read. `message` holds no secret.
 * @throws Error for an unknown name
 */
export function createVariableError(name: string, message: string): EnvironmentError {
  const found = listVariables().find(({ variable }) => variable.name === name)
  if (!found) throw new Error(`no variable ${name}`)
  const described = describe(found.variable)
  return new EnvironmentError([{ name, message, expected: describeExpected(described), example: described.example }])
}

interface Problem {
  name: string
  message: string
  expected: string
  example: string
}

type Values = Partial<Record<string, unknown>>

/**
 * Reads these sections of the configuration from the environment. The result is frozen and in the units that its
 * properties name. An empty variable counts as unset.
 * @throws EnvironmentError
 */
export function readConfig(env: NodeJS.ProcessEnv): Config
export function readConfig<N extends SectionName>(env: NodeJS.ProcessEnv, names: readonly N[]): Pick<AllSections, N>
export function readConfig(env: NodeJS.ProcessEnv, names: readonly SectionName[] = NODE_SECTIONS): unknown {
  const values: Values = {}
  const problems: Problem[] = []
  const variables = listVariables(names)
  for (const { variable } of variables) {
    const problem = readVariable(env, variable, values)
    if (problem) problems.push(problem)
  }
  const combined = toProblems(findCombinationProblems(values, env), variables)
  // A variable is reported once: its own problem counts before those of combinations.
  problems.push(...combined.filter(({ name }) => !problems.some((problem) => problem.name === name)))
  if (problems.length > 0) throw new EnvironmentError(problems)

  const sections = names.map((name) => {
    const properties = variables.filter(({ section }) => section === name)
    const entries = properties.map(({ property, variable }) => [property, convertUnit(variable, values[variable.name])])
    return [name, Object.freeze(Object.fromEntries(entries))]
  })
  return Object.freeze(Object.fromEntries(sections))
}

/**
 * Returns the environment with the secrets of these variables, which a models file names. A secret may also come from
 * the file that `NAME_FILE` names.
 * @throws EnvironmentError
 */
export function withSecretsFromFiles(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  const secrets: NodeJS.ProcessEnv = {}
  const problems: Problem[] = []
  for (const name of names) {
    const source = readSecret(env, name)
    if ('text' in source) secrets[name] = source.text
    else problems.push(toFileProblem(source))
  }
  if (problems.length > 0) throw new EnvironmentError(problems)
  return { ...env, ...secrets }
}

/** Stores the value of a variable, or records what is wrong with it. */
function readVariable(env: NodeJS.ProcessEnv, variable: Variable, values: Values): Problem | undefined {
  const name = findGivenName(env, variable)
  const described = describe(variable)
  const source = readText(env, name, described)
  if (!('text' in source)) return toFileProblem(source, described.certificates ? described.example : undefined)
  const { text } = source
  const value = text === undefined ? structuredClone(described.default) : parse(described, text)
  const message = findProblem(variable, text, value)
  if (message) return { name, message, expected: describeExpected(described), example: described.example }
  if (value !== undefined) values[variable.name] = value
  return undefined
}

/** Prefers the lower-case name, as curl and undici do. */
const findGivenName = (env: NodeJS.ProcessEnv, { name, lowerCaseName }: Variable): string =>
  lowerCaseName !== undefined && env[lowerCaseName]?.trim() ? lowerCaseName : name

function readText(env: NodeJS.ProcessEnv, name: string, { secret, certificates }: Described): GivenSecret {
  if (secret) return readSecret(env, name)
  if (certificates) return readCertificates(env, name)
  return { text: env[name]?.trim() || undefined }
}

const toFileProblem = (
  { variable, problem, expected }: Exclude<GivenSecret, { text: unknown }>,
  example = '/run/secrets/name',
): Problem => ({ name: variable, message: problem, expected, example })

function findProblem(variable: Variable, text: string | undefined, value: unknown): string | undefined {
  if (value === undefined && text === undefined) return variable.isOptional ? undefined : 'is missing'
  if (Value.Check(variable.schema, value)) return undefined
  return describe(variable).secret || text === undefined ? 'is wrong' : `is wrong: ${JSON.stringify(text)}`
}

/** Leaves out the variables that this process does not read. */
function toProblems(combined: CombinationProblem[], variables: ReturnType<typeof listVariables>): Problem[] {
  return combined.flatMap(({ name, message, expected }) => {
    const found = variables.find(({ variable }) => variable.name === name)
    if (!found) return []
    const described = describe(found.variable)
    return [{ name, message, expected: expected ?? describeExpected(described), example: described.example }]
  })
}

const convertUnit = ({ factor }: Variable, value: unknown): unknown =>
  typeof value === 'number' ? value * factor : Object.freeze(value)

function parse({ type }: Described, text: string): unknown {
  switch (type) {
    case 'integer':
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
    case 'boolean':
      return { true: true, false: false }[text.toLowerCase()] ?? text
    case 'array':
      return text.split(',').map((item) => item.trim())
    case 'object':
      return parseJson(text)
    default:
      return text
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function toLine({ name, message, expected, example }: Problem): string {
  return `  ${name} ${message}; expected ${expected}; example: ${name}=${example}`
}
