import { Value } from 'typebox/value'
import { type Described, describe, describeExpected } from './describe-variable.ts'
import { isKnownSecret } from './known-secret.ts'
import { parseRedisAddress, RedisAddressError } from './redis-address.ts'
import { readSecret } from './secret-file.ts'
import { type Config, listSectionNames, listVariables, type SectionName } from './table.ts'
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
export function readConfig<N extends SectionName>(env: NodeJS.ProcessEnv, names: readonly N[]): Pick<Config, N>
export function readConfig(env: NodeJS.ProcessEnv, names: readonly SectionName[] = listSectionNames()): unknown {
  const values: Values = {}
  const problems: Problem[] = []
  const variables = listVariables(names)
  for (const { variable } of variables) {
    const problem = readVariable(env, variable, values)
    if (problem) problems.push(problem)
  }
  const combined = findCombinationProblems(values, new Map(variables.map(({ variable }) => [variable.name, variable])))
  // A wrong variable is not reported as missing.
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
 * Returns the environment together with the secrets that `NAME_FILE` names, for variables that a models file names.
 * @throws EnvironmentError
 */
export function withSecretsFromFiles(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  const secrets: NodeJS.ProcessEnv = {}
  const problems: Problem[] = []
  for (const name of names) {
    const given = readSecret(env, name)
    if ('text' in given) secrets[name] = given.text
    else problems.push(toFileProblem(given))
  }
  if (problems.length > 0) throw new EnvironmentError(problems)
  return { ...env, ...secrets }
}

/** Stores the value of a variable, or records what is wrong with it. */
function readVariable(env: NodeJS.ProcessEnv, variable: Variable, values: Values): Problem | undefined {
  const name = findGivenName(env, variable)
  const described = describe(variable)
  const given = described.secret ? readSecret(env, name) : { text: env[name]?.trim() || undefined }
  if (!('text' in given)) return toFileProblem(given)
  const { text } = given
  const value = text === undefined ? structuredClone(described.default) : parse(described, text)
  const message = findProblem(variable, text, value)
  if (message) return { name, message, expected: describeExpected(described), example: described.example }
  if (value !== undefined) values[variable.name] = value
  return undefined
}

/** Prefers the lower-case name, as curl and undici do. */
const findGivenName = (env: NodeJS.ProcessEnv, { name, lowerCaseName }: Variable): string =>
  lowerCaseName !== undefined && env[lowerCaseName]?.trim() ? lowerCaseName : name

const toFileProblem = ({
  variable,
  problem,
  expected,
}: {
  variable: string
  problem: string
  expected: string
}): Problem => ({
  name: variable,
  message: problem,
  expected,
  example: '/run/secrets/name',
})

function findProblem(variable: Variable, text: string | undefined, value: unknown): string | undefined {
  if (value === undefined && text === undefined) return variable.isOptional ? undefined : 'is missing'
  if (Value.Check(variable.schema, value)) return undefined
  return describe(variable).secret || text === undefined ? 'is wrong' : `is wrong: ${JSON.stringify(text)}`
}

const convertUnit = ({ factor }: Variable, value: unknown): unknown =>
  typeof value === 'number' ? value * factor : Object.freeze(value)

/** Checks the rules that span several variables. */
function findCombinationProblems(values: Values, variables: ReadonlyMap<string, Variable>): Problem[] {
  const problems: Problem[] = []
  const report = (name: string, message: string, expected?: string) => {
    const variable = variables.get(name)
    if (!variable) return
    const described = describe(variable)
    problems.push({ name, message, expected: expected ?? describeExpected(described), example: described.example })
  }
  if (values.LLM_BASE_URL && !values.LLM_MODEL) {
    report('LLM_MODEL', 'is missing', "a model's name, because LLM_BASE_URL is set")
  }
  if (values.LLM_MODELS_FILE && values.LLM_BASE_URL) {
    report('LLM_BASE_URL', 'is set, and so is LLM_MODELS_FILE', 'one of the two: the file describes every model')
  }
  if (values.ADMIN_USERNAME && !values.ADMIN_PASSWORD_FILE) {
    report('ADMIN_PASSWORD_FILE', 'is missing, and ADMIN_USERNAME is set')
  }
  if (values.ADMIN_PASSWORD_FILE && !values.ADMIN_USERNAME) {
    report('ADMIN_USERNAME', 'is missing, and ADMIN_PASSWORD_FILE is set')
  }
  const address = values.REDIS_URL === undefined ? undefined : findRedisProblem(String(values.REDIS_URL))
  if (address) report('REDIS_URL', address)
  for (const name of ['JWT_SECRET_KEY', 'JWT_PREVIOUS_SECRET_KEYS']) {
    const secrets = [values[name] ?? []].flat()
    const isKnown = secrets.some((secret) => typeof secret === 'string' && isKnownSecret(secret))
    if (values.NODE_ENV === 'production' && isKnown) {
      report(name, 'is a known or guessable secret', 'a secret of your own: `openssl rand -base64 48`')
    }
  }
  return problems
}

function findRedisProblem(url: string): string | undefined {
  try {
    parseRedisAddress(url)
    return undefined
  } catch (error) {
    if (error instanceof RedisAddressError) return error.message
    throw error
  }
}

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
