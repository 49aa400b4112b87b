import { type DatabaseAddress, DatabaseAddressError, parseDatabaseAddress } from './database-address.ts'
import { isKnownSecret } from './known-secret.ts'
import { parseRedisAddress, RedisAddressError } from './redis-address.ts'

/** Names a variable that contradicts other variables, or that is wrong in a way that its schema can't check. */
export interface CombinationProblem {
  name: string
  message: string
  /** Replaces the words after "expected" that the variable's schema gives. */
  expected?: string
}

/** Maps the names of variables to their parsed values. */
type Values = Partial<Record<string, unknown>>

/** Checks the rules about several variables, and the addresses of the servers. No message contains a secret. */
export function findCombinationProblems(values: Values, env: NodeJS.ProcessEnv): CombinationProblem[] {
  return [
    ...findModelProblems(values),
    ...findSourceProblems(values),
    ...findDocumentProblems(values),
    ...findAdminProblems(values),
    ...findServerProblems(values),
    ...findUncheckedTls(values, env),
    ...findSecretProblems(values),
  ]
}

function findModelProblems({ LLM_BASE_URL, LLM_MODEL, LLM_MODELS_FILE, LLM_INSIDE }: Values): CombinationProblem[] {
  const problems: CombinationProblem[] = []
  if (LLM_BASE_URL && !LLM_MODEL) {
    problems.push({
      name: 'LLM_MODEL',
      message: 'is missing',
      expected: "a model's name, because LLM_BASE_URL is set",
    })
  }
  if (LLM_MODELS_FILE && LLM_BASE_URL) {
    const expected = 'one of the two: the file describes every model'
    problems.push({ name: 'LLM_BASE_URL', message: 'is set, and so is LLM_MODELS_FILE', expected })
  }
  if (LLM_MODELS_FILE && LLM_INSIDE) {
    const expected = '`inside` of the models in the file'
    problems.push({ name: 'LLM_INSIDE', message: 'is set, and so is LLM_MODELS_FILE', expected })
  }
  return problems
}

function findSourceProblems({ ENGINEER_CHAT_CONTEXT_SOURCES: names }: Values): CombinationProblem[] {
  if (!Array.isArray(names) || !names.includes('none') || names.length === 1) return []
  return [{ name: 'ENGINEER_CHAT_CONTEXT_SOURCES', message: 'contains none and also other names' }]
}

/**
 * In JSON, line ends, quotation marks and backslashes take two bytes instead of one, and an escaped Chinese character
 * six instead of three. Two-byte letters, such as Cyrillic ones, grow by a factor of three if a client escapes them, as
 * Python's `json.dumps` does: a body of such text can exceed HTTP_MAX_BODY_BYTES and gets a 413.
 */
const JSON_GROWTH = 2

function findDocumentProblems({ DOCUMENT_MAX_BYTES, HTTP_MAX_BODY_BYTES }: Values): CombinationProblem[] {
  if (typeof DOCUMENT_MAX_BYTES !== 'number' || typeof HTTP_MAX_BODY_BYTES !== 'number') return []
  if (DOCUMENT_MAX_BYTES * JSON_GROWTH <= HTTP_MAX_BODY_BYTES) return []
  return [
    {
      name: 'DOCUMENT_MAX_BYTES',
      message: `is ${DOCUMENT_MAX_BYTES}, and HTTP_MAX_BODY_BYTES is ${HTTP_MAX_BODY_BYTES}`,
      expected: 'at most half of HTTP_MAX_BODY_BYTES, because a text grows in JSON',
    },
  ]
}

function findAdminProblems({ ADMIN_USERNAME, ADMIN_PASSWORD_FILE }: Values): CombinationProblem[] {
  if (ADMIN_USERNAME && !ADMIN_PASSWORD_FILE) {
    return [{ name: 'ADMIN_PASSWORD_FILE', message: 'is missing, and ADMIN_USERNAME is set' }]
  }
  if (ADMIN_PASSWORD_FILE && !ADMIN_USERNAME) {
    return [{ name: 'ADMIN_USERNAME', message: 'is missing, and ADMIN_PASSWORD_FILE is set' }]
  }
  return []
}

function findServerProblems(values: Values): CombinationProblem[] {
  const problems: CombinationProblem[] = []
  const check = (name: string, parse: (url: string) => unknown) => {
    const message = values[name] === undefined ? undefined : findAddressProblem(String(values[name]), parse)
    if (message !== undefined) problems.push({ name, message })
  }
  check('DATABASE_URL', parseDatabaseAddress)
  check('DATABASE_ADMIN_URL', parseDatabaseAddress)
  check('REDIS_URL', parseRedisAddress)
  const nodeAddress = findDatabaseAddress(values.DATABASE_URL)
  const adminAddress = findDatabaseAddress(values.DATABASE_ADMIN_URL)
  if (nodeAddress && adminAddress) problems.push(...compareAddresses(nodeAddress, adminAddress))
  // Somebody who names a CA expects TLS, so a connection in plain text would be a surprise.
  if (values.DATABASE_CA_FILE && values.DATABASE_TLS === 'off') {
    const expected = 'DATABASE_TLS=verify beside it'
    problems.push({ name: 'DATABASE_CA_FILE', message: 'is set, and DATABASE_TLS is off', expected })
  }
  // Without REDIS_URL it is unknown whether TLS is selected, so only the missing URL is reported.
  const isPlainRedis = values.REDIS_TLS === 'off' && values.REDIS_URL !== undefined && !isTlsUrl(values.REDIS_URL)
  if (values.REDIS_CA_FILE && isPlainRedis) {
    const expected = 'REDIS_TLS=verify beside it, or rediss in REDIS_URL'
    problems.push({ name: 'REDIS_CA_FILE', message: 'is set, and nothing selects TLS', expected })
  }
  return problems
}

const isTlsUrl = (redisUrl: unknown): boolean => typeof redisUrl === 'string' && redisUrl.startsWith('rediss')

/**
 * NODE_TLS_REJECT_UNAUTHORIZED=0 turns off Node.js' default check of certificates. Our connections check in spite of
 * it, but an operator who selects TLS does not want it off anywhere.
 */
function findUncheckedTls(values: Values, env: NodeJS.ProcessEnv): CombinationProblem[] {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED !== '0') return []
  const names = ['DATABASE_TLS', 'REDIS_TLS'].filter((name) => values[name] === 'verify')
  if (isTlsUrl(values.REDIS_URL)) names.push('REDIS_URL')
  return names.map((name) => ({
    name,
    message: 'selects TLS, and NODE_TLS_REJECT_UNAUTHORIZED is 0, which turns off the default check of certificates',
    expected: 'no NODE_TLS_REJECT_UNAUTHORIZED; DATABASE_CA_FILE and REDIS_CA_FILE name an authority of your own',
  }))
}

function findDatabaseAddress(url: unknown): DatabaseAddress | undefined {
  if (typeof url !== 'string' || findAddressProblem(url, parseDatabaseAddress) !== undefined) return undefined
  return parseDatabaseAddress(url)
}

function compareAddresses(node: DatabaseAddress, admin: DatabaseAddress): CombinationProblem[] {
  const name = 'DATABASE_ADMIN_URL'
  if (node.database !== admin.database) {
    return [{ name, message: 'names another database than DATABASE_URL', expected: 'the same database' }]
  }
  if (node.user !== admin.user) return []
  const expected = 'an account that may make others; the one of DATABASE_URL is to have fewer rights'
  return [{ name, message: 'names the account of DATABASE_URL', expected }]
}

function findAddressProblem(url: string, parse: (url: string) => unknown): string | undefined {
  try {
    parse(url)
    return undefined
  } catch (error) {
    if (error instanceof RedisAddressError || error instanceof DatabaseAddressError) return error.message
    throw error
  }
}

function findSecretProblems(values: Values): CombinationProblem[] {
  if (values.NODE_ENV !== 'production') return []
  return ['JWT_SECRET_KEY', 'JWT_PREVIOUS_SECRET_KEYS'].flatMap((name) => {
    const secrets = [values[name] ?? []].flat() // The second variable holds a list.
    const isKnown = secrets.some((secret) => typeof secret === 'string' && isKnownSecret(secret))
    const expected = 'a secret of your own: `openssl rand -base64 48`'
    return isKnown ? [{ name, message: 'is a known or guessable secret', expected }] : []
  })
}
