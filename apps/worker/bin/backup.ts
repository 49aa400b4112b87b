import { parseArgs } from 'node:util'
import { dumpDatabase } from '../src/commands/backup/backup.ts'
import { findRunningProduct } from '../src/find-running-product.ts'
import { readEnvironmentOrExit } from '../src/read-environment-or-exit.ts'

// npm run backup -- FILE.sql.gz [--data=.data] writes the database that DATABASE_URL names, as it is at this moment.

const { values, positionals } = parseArgs({ allowPositionals: true, options: { data: { type: 'string' } } })
const [file] = positionals
if (file === undefined) {
  console.error('usage: npm run backup -- FILE.sql.gz [--data=.data]')
  process.exit(2)
}
const { database } = await readEnvironmentOrExit(findRunningProduct(process.env, values.data))
await dumpDatabase(database.url, file)
console.log(`Written: ${file}`)
