import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { BENCHES, type BenchName, SCALES } from '../src/index.ts'
import { asMarkdown, asText } from '../src/report/render.ts'

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
const scale = values.long ? SCALES.long : SCALES.short

mkdirSync(RESULTS, { recursive: true })
for (const name of names) {
  const started = new Date()
  const report = await BENCHES[name](scale)
  const seconds = Math.round((Date.now() - started.getTime()) / 1_000)
  const about = { started_at: started.toISOString(), seconds, cores: availableParallelism(), node: process.version }
  writeFileSync(join(RESULTS, `${name}.json`), `${JSON.stringify({ ...about, ...report }, null, 2)}\n`)
  console.log(`${values.markdown ? asMarkdown(report) : asText(report)}\n`)
}
process.exit(0) // whatever a library still holds open
