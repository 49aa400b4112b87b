import { Parser, type Result } from 'tap-parser'

export interface TestCounts {
  passed: number
  failed: number
  skipped: number
}

export interface TapReport {
  counts: TestCounts
  /** Lists each failure with its place in the sources, in the order of the report. */
  failures: string[]
  write(chunk: Buffer): void
  end(): void
}

/**
 * Reads tap's output while it arrives. `print` gets one line for each file when it ends, and the complete text of each
 * failure. All assertions are counted, but not the lines that only summarise a subtest.
 */
export function createTapReport(print: (text: string) => void): TapReport {
  const failures: string[] = []
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0 }
  const parser = new Parser()
  const reportFailure = (result: Result) => {
    counts.failed += 1
    failures.push(listHeadingLines(result).join('\n'))
    print(describeFailure(result))
  }
  let endedFile: Result | undefined
  let failedBeforeFile = 0
  // At the top level, an `assert` is the end of a file. `result` comes for each assertion of all files, and also for the
  // line of a file or subtest that is skipped, has no assertions or disagrees with them. tap-parser leaves out the other
  // summaries.
  parser.on('assert', (file: Result) => {
    endedFile = file
    // A file whose assertions all passed may still fail by its exit code, a signal or a timeout.
    if (!file.ok && counts.failed === failedBeforeFile) reportFailure(file)
    failedBeforeFile = counts.failed
    print(`${file.ok ? 'ok    ' : 'FAILED'} ${file.name}${file.time === null ? '' : ` (${Math.round(file.time)} ms)`}`)
  })
  parser.on('result', (result: Result) => {
    const isFile = result === endedFile // A file is no assertion, and its failure is reported above.
    if (result.skip || result.todo) counts.skipped += 1
    else if (result.ok && !isFile) counts.passed += 1
    else if (!isFile) reportFailure(result)
  })
  return { counts, failures, write: (chunk) => void parser.write(chunk), end: () => void parser.end() }
}

/** Formats the counts as the last line of a run, which programs read. */
export function toCountsLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

// These fields describe how tap runs a file. They say nothing about the failure.
const IGNORED_FIELDS = new Set(['stdio', 'cwd', 'externalID', 'command', 'args', 'jobId'])

/** Lists the lines that begin the text of a failure: its full name and its place in the sources. */
function listHeadingLines({ fullname, name, diag }: Result): string[] {
  const location = diag?.at
  return [
    `not ok: ${fullname.endsWith(name) ? fullname : `${fullname} > ${name}`}`,
    ...(location ? [`  at ${location.fileName}:${location.lineNumber}:${location.columnNumber}`] : []),
  ]
}

function describeFailure(result: Result): string {
  const { at: _, diff, found, wanted, compare, source, stack, ...otherFields } = result.diag ?? {}
  const lines = ['', ...listHeadingLines(result)]
  if (diff) lines.push(indent(diff))
  else if (wanted !== undefined)
    lines.push(`  ${compare ?? 'wanted'} ${formatValue(wanted)}`, `  found ${formatValue(found)}`)
  if (source) lines.push(indent(source))
  if (stack) lines.push(indent(stack))
  for (const key of Object.keys(otherFields))
    if (!IGNORED_FIELDS.has(key)) lines.push(`  ${key}: ${formatValue(otherFields[key])}`)
  return `${lines.join('\n')}\n`
}

const indent = (text: string) => text.trimEnd().replace(/^/gm, '    ')
const formatValue = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
