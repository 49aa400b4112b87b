import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCommand } from '@engineer-chat/process/commands'
import { BENCH_NAMES, BENCHES, type BenchName, IdleMachine, SCALES } from '../src/index.ts'
import { renderMarkdown, renderText } from '../src/report/render.ts'
import type { StoredReport } from '../src/report/report.ts'

const RESULTS = join(import.meta.dirname, '../results')

const { values, positionals } = readCommand('bench')
const unknown = positionals.filter((name) => !BENCH_NAMES.some((known) => known === name))
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. There are: ${BENCH_NAMES.join(', ')}.`)
  process.exit(2)
}
const names = positionals.length === 0 ? BENCH_NAMES : BENCH_NAMES.filter((name) => positionals.includes(name))
// An exit ends every process of the bench.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1))

const toPath = (name: BenchName) => join(RESULTS, `${name}.json`)
mkdirSync(RESULTS, { recursive: true })
for (const name of names) {
  if (!values.markdown) console.log(`${renderText(await measure(name))}\n`)
  else if (existsSync(toPath(name))) console.log(`${renderMarkdown(JSON.parse(readFileSync(toPath(name), 'utf8')))}\n`)
}
process.exit(0) // A library may hold something open.

async function measure(name: BenchName): Promise<StoredReport> {
  const scale = values.long ? SCALES.long : SCALES.short
  const machine = new IdleMachine(scale.waiting)
  const started = new Date()
  const report = await BENCHES[name](scale, machine)
  const stored: StoredReport = {
    started_at: started.toISOString(),
    seconds: Math.round((Date.now() - started.getTime()) / 1_000),
    cores: navigator.hardwareConcurrency,
    node: process.version,
    others: Math.max(0, ...machine.keptShares),
    ...report,
  }
  writeFileSync(toPath(name), `${JSON.stringify(stored, null, 2)}\n`)
  return stored
}
