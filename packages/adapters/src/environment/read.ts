import type { Static, TObject, TProperties } from 'typebox'
import { Value } from 'typebox/value'
import { expectedOf, type Variable } from './describe.ts'
import { isKnownSecret } from './known-secret.ts'
import { RedisAddressError, redisAddress } from './redis-address.ts'
import { Environment } from './variables.ts'

/** Every variable that is missing or wrong, at once. Its message holds no secret. */
export class EnvironmentError extends Error {
  readonly variables: string[]

  constructor(problems: Problem[]) {
    super(['The configuration is not complete:', ...problems.map(lineOf)].join('\n'))
    this.name = 'EnvironmentError'
    this.variables = problems.map(({ name }) => name)
  }
}

interface Problem {
  name: string
  what: string
  expected: string
  example: string
}

/**
 * Reads the environment into a frozen, typed object; an empty variable counts as one that isn't set.
 * @throws EnvironmentError
 */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment
export function readEnvironment<T extends TProperties>(
  env: NodeJS.ProcessEnv,
  schema: TObject<T>,
): Readonly<Static<TObject<T>>>
export function readEnvironment(env: NodeJS.ProcessEnv, schema: TObject = Environment): unknown {
  const values: Record<string, unknown> = {}
  const problems: Problem[] = []
  for (const [name, property] of Object.entries(schema.properties)) {
    const variable = property as Variable
    const text = env[name]?.trim() || undefined
    const value = text === undefined ? structuredClone(variable.default) : parse(variable, text)
    const what = wrongWith(variable, text, value, schema.required?.includes(name) === true)
    if (what) problems.push({ name, what, expected: expectedOf(variable), example: variable.example })
    else if (value !== undefined) values[name] = value
  }
  problems.push(...together(values, schema))
  if (problems.length > 0) throw new EnvironmentError(problems)
  return Object.freeze(values)
}

function wrongWith(
  variable: Variable,
  text: string | undefined,
  value: unknown,
  required: boolean,
): string | undefined {
  if (value === undefined && text === undefined) return required ? 'is missing' : undefined
  if (Value.Check(variable, value)) return undefined
  return variable.secret || text === undefined ? 'is wrong' : `is wrong: ${JSON.stringify(text)}`
}

/** What no variable can tell by itself. */
function together(values: Record<string, unknown>, schema: TObject): Problem[] {
  const problems: Problem[] = []
  const report = (name: string, what: string, expected: string) =>
    problems.push({ name, what, expected, example: (schema.properties[name] as Variable).example })
  if (values.LLM_BASE_URL && !values.LLM_MODEL) {
    report('LLM_MODEL', 'is missing', "a model's name, because LLM_BASE_URL is set")
  }
  if (values.LLM_MODELS_FILE && values.LLM_BASE_URL) {
    report('LLM_BASE_URL', 'is set, and so is LLM_MODELS_FILE', 'one of the two: the file describes every model')
  }
  const address = values.REDIS_URL === undefined ? undefined : wrongWithRedis(String(values.REDIS_URL))
  if (address) report('REDIS_URL', address, expectedOf(schema.properties.REDIS_URL as Variable))
  for (const name of ['JWT_SECRET_KEY', 'JWT_PREVIOUS_SECRET_KEYS']) {
    const secrets = [values[name] ?? []].flat()
    const isKnown = secrets.some((secret) => typeof secret === 'string' && isKnownSecret(secret))
    if (values.NODE_ENV === 'production' && isKnown) {
      report(name, 'is a known or guessable secret', 'a secret of your own: `openssl rand -base64 48`')
    }
  }
  return problems
}

function wrongWithRedis(url: string): string | undefined {
  try {
    redisAddress(url)
    return undefined
  } catch (error) {
    if (error instanceof RedisAddressError) return error.message
    throw error
  }
}

function parse(variable: Variable, text: string): unknown {
  switch (variable.type) {
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

function lineOf({ name, what, expected, example }: Problem): string {
  return `  ${name} ${what}; expected ${expected}; example: ${name}=${example}`
}
