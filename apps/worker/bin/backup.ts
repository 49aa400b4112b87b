import { readConfig, toDatabaseTls } from '@engineer-chat/adapters/environment'
import { readCommandLine } from '@engineer-chat/process/commands'
import { dumpDatabase, STANDARD_STREAM } from '../src/commands/backup/backup.ts'
import { runOrExit } from '../src/read-environment-or-exit.ts'
import { addRunningProductVariables } from '../src/running-product.ts'

// npm run backup -- FILE.sql.gz writes a dump of the database that DATABASE_URL names.

const { values, positionals } = readCommandLine('backup')
const [file = STANDARD_STREAM] = positionals
const config = await runOrExit(() => readConfig(addRunningProductVariables(process.env, values.data), ['database']))
await dumpDatabase({ url: config.database.url, tls: toDatabaseTls(config) }, file)
console.error(`Written: ${file === STANDARD_STREAM ? 'to standard output' : file}`)
