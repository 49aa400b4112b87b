import { findMisplacedOption } from './url-options.ts'

/** Names the account, the server and the database of a `DATABASE_URL`. */
export interface DatabaseAddress {
  host: string
  port: number
  user: string
  password: string
  database: string
}

/**
 * The message continues a sentence that begins with the variable's name, such as "DATABASE_URL …". It contains nothing
 * of the URL, because any part may be a password.
 */
export class DatabaseAddressError extends Error {}

const DEFAULT_PORT = 3_306

/**
 * Parses `DATABASE_URL`. Nothing may follow the database's name, because the driver would read its options from there.
 * @throws DatabaseAddressError
 */
export function parseDatabaseAddress(text: string): DatabaseAddress {
  const url = URL.canParse(text) ? new URL(text) : throwAddressError('is no URL')
  const options = new URLSearchParams(url.search)
  if (text.includes('?') && options.size > 0) throwAddressError(describeOptions(options))
  if (/[?#]/.test(text)) throwAddressError('has a ? or # in it: a password has %3F and %23 instead')
  if (url.hostname === '') throwAddressError('names no host')
  const database = decodePercents(url.pathname.slice(1))
  if (database === '' || database.includes('/')) throwAddressError('does not name one database after the host')
  return {
    host: decodePercents(url.hostname.replace(/^\[(.*)\]$/, '$1')),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    user: decodePercents(url.username),
    password: decodePercents(url.password),
    database,
  }
}

const VARIABLES_BY_KIND = { tls: 'DATABASE_TLS and DATABASE_CA_FILE', pool: 'DATABASE_POOL_SIZE' }

function describeOptions(options: URLSearchParams): string {
  const kind = findMisplacedOption(options)
  if (kind === 'tls') return `has an option for TLS, which is set by ${VARIABLES_BY_KIND.tls}`
  if (kind === 'pool') return `has an option for the number of connections, which is set by ${VARIABLES_BY_KIND.pool}`
  return 'has options, and none is known: TLS is set by DATABASE_TLS, and a ? of a password is written %3F'
}

function decodePercents(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return throwAddressError('has a % that is not followed by two hexadecimal digits')
  }
}

function throwAddressError(problem: string): never {
  throw new DatabaseAddressError(problem)
}
