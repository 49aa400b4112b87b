import type { Log } from '@engineer-chat/chat/shared'
import { getVariableSchema } from './describe-variable.ts'
import { listVariables } from './table.ts'

/** Describes a variable that has a prefix of this system's variables and that no process reads. */
interface UnknownVariable {
  name: string
  /** Names the known variable that is most similar. */
  nearest: string
}

/**
 * The names of several known variables begin with these words, but so may variables of other software in the same
 * environment.
 */
const GENERIC_WORDS = ['DATABASE', 'REDIS', 'ADMIN', 'HTTP', 'OTEL']

/** Docker and Kubernetes set `LLM_SERVICE_HOST` or `LLM_PORT_8000_TCP_ADDR`, for example, for a service `llm`. */
const SERVICE_LINK = /_SERVICE_(HOST|PORT(_\w+)?)$|_PORT(_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)?$/

const MAX_COMPARED_CHARACTERS = 100

/**
 * Finds the variables that have a known prefix and that no process reads. A known prefix is a first word that at least
 * two known variables share, such as `LLM_`, unless it is in GENERIC_WORDS.
 * @param alsoRead more names that are read, such as those of the API keys in a models file
 */
export function findUnknownVariables(env: NodeJS.ProcessEnv, alsoRead: readonly string[] = []): UnknownVariable[] {
  const variables = listVariables().map(({ variable }) => variable)
  const names = variables.map(({ name }) => name)
  const fileNames = variables.filter((variable) => getVariableSchema(variable).secret).map(({ name }) => `${name}_FILE`)
  const readNames = new Set([...names, ...fileNames, ...alsoRead, ...alsoRead.map((name) => `${name}_FILE`)])
  const prefixes = listKnownPrefixes(names)
  return Object.keys(env)
    .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)) && !readNames.has(name))
    .filter((name) => env[name] !== '' && !SERVICE_LINK.test(name))
    .toSorted()
    .map((name) => ({ name, nearest: findNearestName(name, [...names, ...fileNames]) }))
}

/** Logs a warning for each unknown variable, because a misspelt name would otherwise have no effect and no message. */
export function warnOfUnknownVariables(env: NodeJS.ProcessEnv, alsoRead: readonly string[], log: Log): void {
  for (const { name, nearest } of findUnknownVariables(env, alsoRead)) {
    log.warn('EngineerChat.variable_not_read', { variable: name, nearest })
  }
}

function listKnownPrefixes(names: string[]): string[] {
  const namesByFirstWord = Map.groupBy(names, (name) => name.split('_')[0] ?? name)
  const isPrefix = ([word, namesOfWord]: [string, string[]]) => namesOfWord.length >= 2 && !GENERIC_WORDS.includes(word)
  return [...namesByFirstWord].filter(isPrefix).map(([word]) => `${word}_`)
}

function findNearestName(name: string, names: string[]): string {
  const comparedName = name.slice(0, MAX_COMPARED_CHARACTERS)
  const distances = names.map((known) => ({ known, distance: computeEditDistance(comparedName, known) }))
  return distances.reduce((best, candidate) => (candidate.distance < best.distance ? candidate : best)).known
}

/** Counts how many characters have to be inserted, deleted or replaced to turn `a` into `b` (Levenshtein distance). */
function computeEditDistance(a: string, b: string): number {
  let previousRow = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [row, character] of [...a].entries()) {
    const currentRow = [row + 1]
    for (const [column, other] of [...b].entries()) {
      const replaced = (previousRow[column] ?? 0) + (character === other ? 0 : 1)
      currentRow.push(Math.min(replaced, (previousRow[column + 1] ?? 0) + 1, (currentRow[column] ?? 0) + 1))
    }
    previousRow = currentRow
  }
  return previousRow.at(-1) ?? 0
}
