import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCommandLine } from '@engineer-chat/process/commands'
import { BENCH_NAMES, BENCHES, type BenchName, Measurer, SCALES } from '../src/index.ts'
import { renderMarkdown, renderText } from '../src/report/render.ts'
import type { StoredReport } from '../src/report/report.ts'

const RESULTS = join(import.meta.dirname, '../results')

const { values, positionals } = readCommandLine('bench')
const unknown = positionals.filter((name) => !BENCH_NAMES.some((known) => known === name))
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. There are: ${BENCH_NAMES.join(', ')}.`)
  process.exit(2)
}
const names = positionals.length === 0 ? BENCH_NAMES : BENCH_NAMES.filter((name) => positionals.includes(name))
// `launch` ends every process of the bench when this process exits.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1))

const toPath = (name: BenchName) => join(RESULTS, `${name}.json`)
mkdirSync(RESULTS, { recursive: true })
for (const name of names) {
  if (values.markdown) printStoredReport(name)
  else console.log(`${renderText(await measure(name))}\n`)
}
process.exit(0) // Otherwise an open handle of a library could keep the process alive.

/** Prints the report of an earlier run as Markdown; prints nothing if there is none. */
function printStoredReport(name: BenchName): void {
  if (!existsSync(toPath(name))) return
  const report: StoredReport = JSON.parse(readFileSync(toPath(name), 'utf8'))
  console.log(`${renderMarkdown(report)}\n`)
}

async function measure(name: BenchName): Promise<StoredReport> {
  const selectedScale = values.long ? SCALES.long : SCALES.short
  const rows = values.rows === undefined ? selectedScale.retention.rows : Number(values.rows)
  const scale = { ...selectedScale, retention: { ...selectedScale.retention, rows } }
  const measurer = new Measurer(scale.repetition)
  const started = new Date()
  const report = await BENCHES[name](scale, measurer)
  const stored: StoredReport = {
    started_at: started.toISOString(),
    seconds: Math.round((Date.now() - started.getTime()) / 1_000),
    cores: navigator.hardwareConcurrency,
    node: process.version,
    others: Math.max(0, ...measurer.otherProgramsShares),
    ...report,
  }
  writeFileSync(toPath(name), `${JSON.stringify(stored, null, 2)}\n`)
  return stored
}
