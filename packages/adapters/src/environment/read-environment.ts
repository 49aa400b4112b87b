import { Value } from 'typebox/value'
import { type CombinationProblem, findCombinationProblems } from './combinations.ts'
import { describeExpected, getVariableSchema, type VariableSchema } from './describe-variable.ts'
import { readCertificates, readSecret, type TextOrProblem } from './secret-file.ts'
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
 * Creates the error for a problem with one variable, found after the configuration was read. `message` has no secret.
 * @throws Error for an unknown name
 */
export function createVariableError(name: string, message: string): EnvironmentError {
  const variable = listVariables().find((row) => row.variable.name === name)?.variable
  if (!variable) throw new Error(`no variable ${name}`)
  const schema = getVariableSchema(variable)
  return new EnvironmentError([{ name, message, expected: describeExpected(schema), example: schema.example }])
}

interface Problem {
  name: string
  message: string
  expected: string
  example: string
}

/** Maps the names of variables to their parsed values. */
type Values = Partial<Record<string, unknown>>

/**
 * Reads these sections of the configuration from the environment. The result is frozen, and its values have the units
 * that its properties name. An empty variable counts as unset.
 * @throws EnvironmentError
 */
export function readConfig(env: NodeJS.ProcessEnv): Config
export function readConfig<N extends SectionName>(
  env: NodeJS.ProcessEnv,
  sectionNames: readonly N[],
): Pick<AllSections, N>
export function readConfig(env: NodeJS.ProcessEnv, sectionNames: readonly SectionName[] = NODE_SECTIONS): unknown {
  const values: Values = {}
  const problems: Problem[] = []
  const variables = listVariables(sectionNames)
  for (const { variable } of variables) {
    const problem = readVariable(env, variable, values)
    if (problem) problems.push(problem)
  }
  const combinationProblems = toProblems(findCombinationProblems(values, env), variables)
  // A variable is reported once. Its own problem is reported rather than that of a combination.
  problems.push(...combinationProblems.filter(({ name }) => !problems.some((problem) => problem.name === name)))
  if (problems.length > 0) throw new EnvironmentError(problems)

  const sections = sectionNames.map((sectionName) => {
    const properties = variables.filter(({ section }) => section === sectionName)
    const entries = properties.map(({ property, variable }) => [
      property,
      toConfigValue(variable, values[variable.name]),
    ])
    return [sectionName, Object.freeze(Object.fromEntries(entries))]
  })
  return Object.freeze(Object.fromEntries(sections))
}

/**
 * Returns the environment with the secrets of these variables, whose names a models file gives. A secret may also come
 * from the file that `NAME_FILE` names.
 * @throws EnvironmentError
 */
export function withSecretsFromFiles(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  const secrets: NodeJS.ProcessEnv = {}
  const problems: Problem[] = []
  for (const name of names) {
    const textOrProblem = readSecret(env, name)
    if ('text' in textOrProblem) secrets[name] = textOrProblem.text
    else problems.push(toFileProblem(textOrProblem))
  }
  if (problems.length > 0) throw new EnvironmentError(problems)
  return { ...env, ...secrets }
}

/** Adds the variable's value to `values`, or returns the problem with it. */
function readVariable(env: NodeJS.ProcessEnv, variable: Variable, values: Values): Problem | undefined {
  const name = chooseName(env, variable)
  const schema = getVariableSchema(variable)
  const textOrProblem = readText(env, name, schema)
  if (!('text' in textOrProblem)) return toFileProblem(textOrProblem, schema.certificates ? schema.example : undefined)
  const { text } = textOrProblem
  const value = text === undefined ? structuredClone(schema.default) : parseText(schema, text)
  const message = findProblem(variable, text, value)
  if (message) return { name, message, expected: describeExpected(schema), example: schema.example }
  if (value !== undefined) values[variable.name] = value
  return undefined
}

/** Chooses the variable's lower-case name if the environment sets that one, as curl and undici do. */
const chooseName = (env: NodeJS.ProcessEnv, { name, lowerCaseName }: Variable): string =>
  lowerCaseName !== undefined && env[lowerCaseName]?.trim() ? lowerCaseName : name

function readText(env: NodeJS.ProcessEnv, name: string, { secret, certificates }: VariableSchema): TextOrProblem {
  if (secret) return readSecret(env, name)
  if (certificates) return readCertificates(env, name)
  return { text: env[name]?.trim() || undefined }
}

const toFileProblem = (
  { variable, problem, expected }: Exclude<TextOrProblem, { text: unknown }>,
  example = '/run/secrets/name',
): Problem => ({ name: variable, message: problem, expected, example })

function findProblem(variable: Variable, text: string | undefined, value: unknown): string | undefined {
  if (value === undefined && text === undefined) return variable.isOptional ? undefined : 'is missing'
  if (Value.Check(variable.schema, value)) return undefined
  return getVariableSchema(variable).secret || text === undefined ? 'is wrong' : `is wrong: ${JSON.stringify(text)}`
}

/** Adds what each variable's schema says, and leaves out the problems of variables that this process does not read. */
function toProblems(combinationProblems: CombinationProblem[], variables: ReturnType<typeof listVariables>): Problem[] {
  return combinationProblems.flatMap(({ name, message, expected }) => {
    const variable = variables.find((row) => row.variable.name === name)?.variable
    if (!variable) return []
    const schema = getVariableSchema(variable)
    return [{ name, message, expected: expected ?? describeExpected(schema), example: schema.example }]
  })
}

/** Converts a number to the unit that its property names, and freezes a list or an object. */
const toConfigValue = ({ factor }: Variable, value: unknown): unknown =>
  typeof value === 'number' ? value * factor : Object.freeze(value)

/**
 * Converts a text to the type of the schema. A text that is not of this type becomes a value that the schema refuses,
 * such as NaN for `ten` in place of an integer.
 */
function parseText({ type }: VariableSchema, text: string): unknown {
  switch (type) {
    case 'integer':
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
    case 'boolean':
      return parseBoolean(text)
    case 'array':
      return text.split(',').map((element) => element.trim())
    case 'object':
      return parseJson(text)
    default:
      return text
  }
}

function parseBoolean(text: string): boolean | string {
  const lowerCaseText = text.toLowerCase()
  if (lowerCaseText === 'true') return true
  return lowerCaseText === 'false' ? false : text
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
