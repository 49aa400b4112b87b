import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { REDIS_FORMS } from '../src/cluster/redis.ts'
import { formatSummary } from '../src/report.ts'
import { runChaos } from '../src/run.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    minutes: { type: 'string', default: '5' },
    apis: { type: 'string', default: '3' },
    workers: { type: 'string', default: '3' },
    redis: { type: 'string', default: 'single' },
    report: { type: 'string', default: 'chaos-report.json' },
  },
})
const seed = Number(values.seed)
const redis = REDIS_FORMS.find((form) => form === values.redis)
if (!redis) throw new Error(`--redis is one of ${REDIS_FORMS.join(', ')}.`)
console.log(`seed ${seed}, ${values.minutes} minutes; the same seed gives the same schedule`)
const report = await runChaos({
  seed,
  lengthMs: Number(values.minutes) * 60_000,
  apis: Number(values.apis),
  workers: Number(values.workers),
  redis,
  print: console.log,
})
writeFileSync(values.report, `${JSON.stringify(report, null, 2)}\n`)
console.log(formatSummary(report))
console.log(`full report: ${values.report}`)
process.exitCode = report.violations.length === 0 ? 0 : 1
