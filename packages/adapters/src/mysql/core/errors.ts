import { ChatError } from '@engineer-chat/chat/shared'
import { DrizzleQueryError } from 'drizzle-orm'

/**
 * Describes what this module reads of a driver's error. No other module reads the `message` or `sql` of such an error,
 * because they quote rows.
 */
interface DriverError extends Error {
  code?: string
  errno?: number
  sqlState?: string
  fatal?: boolean
}

/** Names the error of a statement for logs, without the statement's content. */
class DatabaseError extends Error {
  readonly code: string
  readonly errno: number | undefined

  constructor({ code = 'unknown', errno, sqlState }: DriverError) {
    super(`MySQL: ${[code, errno, sqlState].filter((part) => part !== undefined).join(' ')}`)
    this.name = 'DatabaseError'
    this.code = code
    this.errno = errno
  }
}

const DUPLICATE_KEY = 1062
const LOCK_WAIT_TIMEOUT = 1205
const DEADLOCK = 1213
/** The server refuses the database (1044), a statement on a table (1142), or what needs a global privilege (1227). */
const PRIVILEGE_MISSING_CODES = [1044, 1142, 1227]

/**
 * In this order: too many connections, shutdown, an interrupted query, a killed connection (MariaDB's code, MySQL's
 * code), and a connection that was idle for too long.
 */
const CONNECTION_LOST_CODES = [1040, 1053, 1317, 1927, 3169, 4031]
/**
 * The server takes no writes: `read_only` (1290, 1836), a read-only table, transaction or InnoDB (1036, 1792, 1874), a
 * Galera node that left its cluster (1047). The connection is closed, so that the next one finds the new primary.
 */
const READ_ONLY_CODES = [1290, 1836, 1036, 1792, 1874, 1047]
/**
 * The server has used up a resource: disk full (errno 28 of the system, 1021), writing failed (3, 1026), table or its
 * space full (1114), a COMMIT that failed (1180), locks, memory or connections used up (1206, 1037, 1038, 1041,
 * 1135, 1203, 1226). An operator has to free or add resources.
 */
const OUT_OF_RESOURCES_CODES = [3, 28, 1021, 1026, 1037, 1038, 1041, 1114, 1135, 1180, 1203, 1206, 1226]
/** These codes of `OUT_OF_RESOURCES_CODES` say that the disk or the space of a table is full. */
const DISK_FULL_CODES = [3, 28, 1021, 1026, 1114, 1180]
/** MySQL quotes the engine's own error number in the text of this error: 28 means no space left on device. */
const STORAGE_ENGINE_ERROR = 1030
const NO_SPACE = /\berror:? 28\b|No space left/i

const NETWORK_ERROR_CODES = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
]
const DRIVER_ERROR_CODES = ['PROTOCOL_CONNECTION_LOST', 'PROTOCOL_SEQUENCE_TIMEOUT', 'POOL_CLOSED', 'EAI_AGAIN']

export const isDuplicateKey = (error: unknown): boolean => findDriverError(error)?.errno === DUPLICATE_KEY
export const isDeadlock = (error: unknown): boolean => findDriverError(error)?.errno === DEADLOCK
export const isLockWaitTimeout = (error: unknown): boolean => findDriverError(error)?.errno === LOCK_WAIT_TIMEOUT

/** The account lacks a privilege: in the database, on a table, or over the whole server. */
export const isPrivilegeMissing = (error: unknown): boolean =>
  PRIVILEGE_MISSING_CODES.includes(findDriverError(error)?.errno ?? 0)

/** The connection or the server is gone, or takes no writes. It is unknown whether a running COMMIT took effect. */
export function isConnectionLost(error: unknown): boolean {
  const { code = '', errno = 0, fatal } = findDriverError(error) ?? {}
  return (
    fatal === true ||
    [...CONNECTION_LOST_CODES, ...READ_ONLY_CODES].includes(errno) ||
    [...NETWORK_ERROR_CODES, ...DRIVER_ERROR_CODES].includes(code)
  )
}

/** A large query's temporary table may be full, too. That says nothing about the tables of the product. */
const TEMPORARY_TABLE = /#sql/

/** The disk of the server, or the space of a table, is full. */
export function isDiskFull(error: unknown): boolean {
  const cause = findDriverError(error)
  if (cause === undefined || TEMPORARY_TABLE.test(cause.message)) return false
  const { errno = 0, message } = cause
  return DISK_FULL_CODES.includes(errno) || (errno === STORAGE_ENGINE_ERROR && NO_SPACE.test(message))
}

/** Clients wait for this time before they retry, because nobody empties a full disk within a second. */
const OUT_OF_RESOURCES_RETRY_SECONDS = 30

function isOutOfResources({ errno = 0, message }: DriverError): boolean {
  return OUT_OF_RESOURCES_CODES.includes(errno) || (errno === STORAGE_ENGINE_ERROR && NO_SPACE.test(message))
}

/**
 * Stands for an error that drizzle wrapped and that has no code of the driver. The wrapper itself is dropped, because
 * its text quotes the row.
 */
const UNKNOWN_ERROR: DriverError = new Error()

/**
 * Converts an error to what a store throws. A `ChatError` stays, a temporary failure becomes the ChatError
 * `unavailable`, and no text of the driver is passed on.
 */
function toStoreError(error: unknown): unknown {
  const cause = findDriverError(error) ?? (error instanceof DrizzleQueryError ? UNKNOWN_ERROR : undefined)
  if (!cause) return error
  const safeError = new DatabaseError(cause)
  const needsOperator = isOutOfResources(cause)
  const isTemporary =
    needsOperator || isConnectionLost(error) || cause.errno === DEADLOCK || cause.errno === LOCK_WAIT_TIMEOUT
  if (!isTemporary) return safeError
  const unavailable = new ChatError('unavailable', undefined, {
    retry_after_seconds: needsOperator ? OUT_OF_RESOURCES_RETRY_SECONDS : 1,
  })
  unavailable.cause = safeError
  return unavailable
}

/** Wraps a store so that every method throws what `toStoreError` returns. `noteFailure` gets the driver's own error. */
export function translateErrors<S extends object>(store: S, noteFailure?: (error: unknown) => void): S {
  const methods = Object.entries(store).map(([name, method]) => [
    name,
    async (...input: unknown[]) => {
      try {
        return await method.apply(store, input)
      } catch (error) {
        noteFailure?.(error)
        throw toStoreError(error)
      }
    },
  ])
  return Object.fromEntries(methods)
}

// drizzle wraps the driver's error as its cause.
function findDriverError(error: unknown): DriverError | undefined {
  if (!(error instanceof Error) || error instanceof ChatError) return undefined
  if ('errno' in error || 'fatal' in error || hasDriverCode(error)) return error
  if (error.message === 'Pool is closed.') return Object.assign(error, { code: 'POOL_CLOSED' })
  return findDriverError(error.cause)
}

/** Is true for codes of the driver and of the system. Those of Node begin with `ERR_`. */
const hasDriverCode = (error: Error): boolean =>
  'code' in error && typeof error.code === 'string' && !error.code.startsWith('ERR_')
