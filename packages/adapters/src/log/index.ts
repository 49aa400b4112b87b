import type { Log, LogFields } from '@engineer-chat/chat/shared'
import { escapeHiddenInJson } from '@engineer-chat/markdown'
import { type DestinationStream, type LevelWithSilent, pino } from 'pino'

/** A field of another name is left out, because one that was added by mistake could contain a user's text. */
const ALLOWED = [
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
const allowedFields = new Set<string>(ALLOWED)
const MAX_FIELD_CHARACTERS = 256

export interface LogOptions {
  level: LevelWithSilent
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
    // JSON escapes neither the controls from U+007F to U+009F, which terminals obey, nor those of the text direction.
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
 * Lines of a tenth of a second are written together, because each write wakes a thread. The rest is written at exit.
 */
const openStandardOutput = (): DestinationStream =>
  pino.destination({ minLength: 4_096, periodicFlush: 100, sync: false })

function pickAllowed(fields: LogFields = {}): LogFields {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name, value]) => allowedFields.has(name) && value !== undefined)
      .map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, MAX_FIELD_CHARACTERS) : value]),
  )
}

/**
 * Describes an error by its class, code and stack. The message is left out unless this project defines the error: a
 * database's message quotes the values of the row, which users wrote. A warning has no stack, because an outage writes
 * one warning for each request.
 */
function describeCause(cause: unknown, includesStack: boolean): object {
  if (!(cause instanceof Error)) return {}
  const inner = cause.cause instanceof Error ? cause.cause : undefined
  return {
    error: {
      name: cause.name,
      code: getErrorCode(cause) ?? (inner && getErrorCode(inner)),
      message: OWN_ERRORS.has(cause.name) ? cause.message.slice(0, MAX_FIELD_CHARACTERS) : undefined,
      cause: inner?.name,
      cause_code: inner && getErrorCode(inner),
      errno: getErrno(cause) ?? (inner && getErrno(inner)),
      stack: includesStack ? getStackFrames(cause) : undefined,
    },
  }
}

const OWN_ERRORS = new Set(['ChatError', 'LlmError', 'TypeError', 'RangeError', 'ReferenceError', 'AssertionError'])

function getErrorCode(error: Error): string | number | undefined {
  const code: unknown = 'code' in error ? error.code : undefined
  return typeof code === 'string' || typeof code === 'number' ? code : undefined
}

/** The manual of a database lists its errors by this number. */
function getErrno(error: Error): number | undefined {
  const errno: unknown = 'errno' in error ? error.errno : undefined
  return typeof errno === 'number' ? errno : undefined
}

const getStackFrames = (error: Error): string[] | undefined =>
  error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim())
