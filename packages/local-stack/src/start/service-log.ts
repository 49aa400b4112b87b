import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { getErrorCode } from '../processes/error-code.ts'

export interface ServiceLog {
  path: string
  /** Copies every line to the file. Warnings, errors and lines that are no log records also go to the terminal. */
  copy(stream: Readable): void
  close(): void
}

/** A larger file is renamed at the next start. */
const MAX_BYTES = 20 * 1024 * 1024
const SHOWN_LEVELS = new Set(['warn', 'error', 'fatal'])
/** These are not listed as `name=value`: level, event and error are shown in another form, the others are dropped. */
const UNLISTED_FIELDS = new Set(['level', 'time', 'service', 'pid', 'event', 'error', 'node_id'])

export function openServiceLog(
  folder: string,
  name: string,
  { print, rewriteLine = (line) => line }: { print(line: string): void; rewriteLine?: (line: string) => string },
): ServiceLog {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${name}.log`)
  rotateFile(path)
  const file = openAppendingFile(path, (error) => {
    print(`${name}: its log ${path} can't be written (${getErrorCode(error)}), so lines are missing there.`)
  })
  const writeLine = (originalLine: string) => {
    const line = rewriteLine(originalLine)
    file.write(`${line}\n`)
    const readableLine = toReadableLine(line)
    if (readableLine) print(`${name}: ${readableLine}`)
  }
  return {
    path,
    copy: (stream) => createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', writeLine),
    close: file.close,
  }
}

/**
 * Opens the file, and opens it again for the next text after a failure, such as a full disk, or after `close`, because
 * the last lines of a process may arrive after its end. `onFailure` runs for the first of several failures in a row.
 */
function openAppendingFile(path: string, onFailure: (error: Error) => void) {
  let hasFailed = false
  const open = (): WriteStream => {
    const newStream = createWriteStream(path, { flags: 'a', mode: 0o600 })
    newStream.on('error', (error) => {
      if (stream === newStream) stream = undefined
      if (!hasFailed) onFailure(error)
      hasFailed = true
    })
    return newStream
  }
  let stream: WriteStream | undefined = open()
  return {
    write(text: string): void {
      stream ??= open()
      stream.write(text, (error) => {
        if (!error) hasFailed = false
      })
    },
    close(): void {
      stream?.end()
      stream = undefined
    },
  }
}

/**
 * Renders a line for the terminal. Returns undefined if its level is below `warn`. A line that is no record of a log is
 * not changed.
 */
function toReadableLine(line: string): string | undefined {
  const record = parseRecord(line)
  if (!record) return line.trim() === '' ? undefined : line
  if (!SHOWN_LEVELS.has(String(record.level))) return undefined
  const fields = Object.entries(record)
    .filter(([name]) => !UNLISTED_FIELDS.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return [record.level, record.event, ...fields, ...describeLoggedError(record.error)].join(' ')
}

function describeLoggedError(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return []
  const { name, code, message }: Record<string, unknown> = { ...error }
  return [[name, code, message].filter(Boolean).join(': ')]
}

function parseRecord(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && 'level' in value ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function rotateFile(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size > MAX_BYTES) renameSync(path, `${path}.old`)
}
