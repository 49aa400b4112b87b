import type { Log, LogFields } from '@engineer-chat/chat/shared'
import { escapeHiddenInJson } from '@engineer-chat/markdown'
import { type DestinationStream, type LevelWithSilent, pino } from 'pino'

/** Fields with other names are left out, because a field that was added by mistake could contain a user's text. */
const ALLOWED_FIELDS = [
  'action',
  'action_id',
  'address',
  'attempt',
  'backlog',
  'bytes',
  'category',
  'code',
  'concurrency',
  'connection_id',
  'connections',
  'count',
  'delay_ms',
  'document_id',
  'duration_ms',
  'environment',
  'event_id',
  'finish_reason',
  'first_token_ms',
  'host',
  'job_id',
  'limit',
  'message_id',
  'method',
  'model',
  'month',
  'nearest',
  'node_id',
  'outcome',
  'path',
  'pid',
  'port',
  'provider',
  'question_id',
  'reason',
  'reply_id',
  'request_id',
  'role',
  'room_seq',
  'route',
  'seq',
  'session_id',
  'signal',
  'size',
  'status',
  'table',
  'trace_id',
  'transient',
  'tries',
  'user_id',
  'variable',
  'version',
  'visibility',
] as const
const allowedFieldNames = new Set<string>(ALLOWED_FIELDS)
const MAX_FIELD_CHARACTERS = 256
const MAX_STACK_FRAMES = 8

export interface LogOptions {
  level: LevelWithSilent
  /** Each line names this service, such as `api`. */
  service: string
  /** The default is standard output. */
  destination?: DestinationStream
}

/** Writes one line of JSON for each entry. */
export function createLog({ level, service, destination }: LogOptions): Log {
  const options = {
    level,
    base: { service, pid: process.pid },
    messageKey: 'event',
    timestamp: pino.stdTimeFunctions.isoTime,
    // JSON escapes neither the control characters from U+007F to U+009F, which terminals obey, nor those that set the
    // direction of text.
    hooks: { streamWrite: escapeHiddenInJson },
    formatters: { level: (label: string) => ({ level: label }) },
  }
  const logger = pino(options, destination ?? openStandardOutput())
  return {
    info: (event, fields) => logger.info(pickAllowed(fields), event),
    warn: (event, fields, cause) => logger.warn({ ...pickAllowed(fields), ...describeCause(cause, false) }, event),
    error: (event, fields, cause) => logger.error({ ...pickAllowed(fields), ...describeCause(cause, true) }, event),
  }
}

/**
 * Collects lines for a tenth of a second and writes them together, because each write wakes a thread. At exit it writes
 * the lines that are still waiting.
 */
const openStandardOutput = (): DestinationStream =>
  pino.destination({ minLength: 4_096, periodicFlush: 100, sync: false })

function pickAllowed(fields: LogFields = {}): LogFields {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name, value]) => allowedFieldNames.has(name) && value !== undefined)
      .map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, MAX_FIELD_CHARACTERS) : value]),
  )
}

/**
 * Describes an error by its class, code and stack. Only errors of some classes keep their message: a database's message
 * quotes the values of a row, which users wrote. A warning has no stack, because an outage causes one warning for each
 * request.
 */
function describeCause(cause: unknown, includesStack: boolean): object {
  if (!(cause instanceof Error)) return {}
  const inner = cause.cause instanceof Error ? cause.cause : undefined
  return {
    error: {
      name: cause.name,
      code: getErrorCode(cause) ?? (inner && getErrorCode(inner)),
      message: ERRORS_WITH_MESSAGE.has(cause.name) ? cause.message.slice(0, MAX_FIELD_CHARACTERS) : undefined,
      cause: inner?.name,
      cause_code: inner && getErrorCode(inner),
      errno: getErrno(cause) ?? (inner && getErrno(inner)),
      stack: includesStack ? getStackFrames(cause) : undefined,
    },
  }
}

/** The messages of these errors contain no text of users. */
const ERRORS_WITH_MESSAGE = new Set([
  'ChatError',
  'LlmError',
  'TypeError',
  'RangeError',
  'ReferenceError',
  'AssertionError',
])

function getErrorCode(error: Error): string | number | undefined {
  const code: unknown = 'code' in error ? error.code : undefined
  return typeof code === 'string' || typeof code === 'number' ? code : undefined
}

/** Returns the number that MySQL or the operating system gives the error. */
function getErrno(error: Error): number | undefined {
  const errno: unknown = 'errno' in error ? error.errno : undefined
  return typeof errno === 'number' ? errno : undefined
}

const getStackFrames = (error: Error): string[] | undefined =>
  error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, MAX_STACK_FRAMES)
    .map((line) => line.trim())
