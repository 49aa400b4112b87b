import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { BENCHES, type BenchName, Quiet, SCALES } from '../src/index.ts'
import { renderMarkdown, renderText } from '../src/report/render.ts'
import type { Stored } from '../src/report/report.ts'

const RESULTS = join(import.meta.dirname, '../results')

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { long: { type: 'boolean', default: false }, markdown: { type: 'boolean', default: false } },
})
const all = Object.keys(BENCHES) as BenchName[]
const unknown = positionals.filter((name) => !all.some((known) => known === name))
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. There are: ${all.join(', ')}.`)
  process.exit(2)
}
const names = positionals.length === 0 ? all : all.filter((name) => positionals.includes(name))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1)) // takes all with it

const fileOf = (name: BenchName) => join(RESULTS, `${name}.json`)
mkdirSync(RESULTS, { recursive: true })
for (const name of names) {
  if (!values.markdown) console.log(`${renderText(await measured(name))}\n`)
  else if (existsSync(fileOf(name))) console.log(`${renderMarkdown(JSON.parse(readFileSync(fileOf(name), 'utf8')))}\n`)
}
process.exit(0) // whatever a library still holds open

async function measured(name: BenchName): Promise<Stored> {
  const scale = values.long ? SCALES.long : SCALES.short
  const quiet = new Quiet(scale.quiet)
  const started = new Date()
  const report = await BENCHES[name](scale, quiet)
  const stored: Stored = {
    started_at: started.toISOString(),
    seconds: Math.round((Date.now() - started.getTime()) / 1_000),
    cores: navigator.hardwareConcurrency,
    node: process.version,
    others: Math.max(0, ...quiet.others),
    ...report,
  }
  writeFileSync(fileOf(name), `${JSON.stringify(stored, null, 2)}\n`)
  return stored
}
