import { writeFileSync } from 'node:fs'
import { readCommandLine } from '@engineer-chat/process/commands'
import { formatSummary } from '../src/report.ts'
import { runChaos } from '../src/run.ts'
import { REDIS_TOPOLOGIES } from '../src/testbed/redis.ts'

const { values } = readCommandLine('chaos')
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const redis = REDIS_TOPOLOGIES.find((topology) => topology === values.redis)
if (!redis) throw new Error(`The form of Redis is one of ${REDIS_TOPOLOGIES.join(', ')}.`)
console.log(`seed ${seed}, ${values.minutes} minutes; the same seed and options give the same schedule`)
const report = await runChaos({
  seed,
  lengthMs: Number(values.minutes) * 60_000,
  apis: Number(values.apis),
  workers: Number(values.workers),
  redis,
  answerMarginMs: Number(values['answer-margin']),
  print: console.log,
})
writeFileSync(values.report, `${JSON.stringify(report, null, 2)}\n`)
console.log(formatSummary(report))
console.log(`full report: ${values.report}`)
process.exitCode = report.violations.length === 0 ? 0 : 1
