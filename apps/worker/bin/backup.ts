import { parseArgs } from 'node:util'
import { backUp } from '../src/commands/backup/backup.ts'
import { environmentOrExit } from '../src/environment-or-exit.ts'
import { besideNpmStart } from '../src/find-running-product.ts'

// npm run backup -- FILE.sql.gz [--data=.data]: the database that DATABASE_URL names, as it is at this moment.

const { values, positionals } = parseArgs({ allowPositionals: true, options: { data: { type: 'string' } } })
const [file] = positionals
if (file === undefined) {
  console.error('usage: npm run backup -- FILE.sql.gz [--data=.data]')
  process.exit(2)
}
const { database } = await environmentOrExit(besideNpmStart(process.env, values.data))
await backUp(database.url, file)
console.log(`Written: ${file}`)
