import { parseArgs } from 'node:util'
import { readConfig, toDatabaseTls } from '@engineer-chat/adapters/environment'
import { dumpDatabase } from '../src/commands/backup/backup.ts'
import { findRunningProduct } from '../src/find-running-product.ts'
import { runOrExit } from '../src/read-environment-or-exit.ts'

// npm run backup -- FILE.sql.gz [--data=.data] writes a dump of the database that DATABASE_URL names.

const { values, positionals } = parseArgs({ allowPositionals: true, options: { data: { type: 'string' } } })
const [file] = positionals
if (file === undefined) {
  console.error('usage: npm run backup -- FILE.sql.gz [--data=.data]')
  process.exit(2)
}
const config = await runOrExit(() => readConfig(findRunningProduct(process.env, values.data), ['database']))
await dumpDatabase({ url: config.database.url, tls: toDatabaseTls(config) }, file)
console.log(`Written: ${file}`)
