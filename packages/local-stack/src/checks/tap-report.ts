import { Parser, type Result } from 'tap-parser'

export interface TestCounts {
  passed: number
  failed: number
  skipped: number
}

/**
 * Reads tap's output while it comes: `print` gets one line for each file as it ends, and each failure in full. Assertions
 * of all depths are counted; the points that only sum up a subtest are left out.
 */
export function createTapReport(print: (text: string) => void) {
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0 }
  const parser = new Parser()
  const fail = (result: Result) => {
    counts.failed += 1
    print(describeFailure(result))
  }
  let file: Result | undefined
  let failedBefore = 0
  parser.on('assert', (result: Result) => {
    file = result
    // A file may fail although all that it asserted held: by its exit code, a signal, or the clock.
    if (!file.ok && counts.failed === failedBefore) fail(file)
    failedBefore = counts.failed
    print(`${file.ok ? 'ok    ' : 'FAILED'} ${file.name}${file.time === null ? '' : ` (${Math.round(file.time)} ms)`}`)
  })
  parser.on('result', (result: Result) => {
    if (result.skip || result.todo) counts.skipped += 1
    else if (result === file)
      return // A file without assertions comes here, too.
    else if (result.ok) counts.passed += 1
    else fail(result)
  })
  return { counts, write: (chunk: Buffer) => parser.write(chunk), end: () => parser.end() }
}

/** Returns the last line of a run, by which programs read its counts. */
export function toCountsLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

// These fields say how tap runs a file, which is the same for all files.
const NOISE = new Set(['stdio', 'cwd', 'externalID', 'command', 'args', 'jobId'])

function describeFailure({ fullname, name, diag }: Result): string {
  const { at, diff, found, wanted, compare, source, stack, ...more } = diag ?? {}
  const lines = ['', `not ok: ${fullname.endsWith(name) ? fullname : `${fullname} > ${name}`}`]
  if (at) lines.push(`  at ${at.fileName}:${at.lineNumber}:${at.columnNumber}`)
  if (diff) lines.push(indent(diff))
  else if (wanted !== undefined)
    lines.push(`  ${compare ?? 'wanted'} ${formatValue(wanted)}`, `  found ${formatValue(found)}`)
  if (source) lines.push(indent(source))
  if (stack) lines.push(indent(stack))
  for (const key of Object.keys(more)) if (!NOISE.has(key)) lines.push(`  ${key}: ${formatValue(more[key])}`)
  return `${lines.join('\n')}\n`
}

const indent = (text: string) => text.trimEnd().replace(/^/gm, '    ')
const formatValue = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
