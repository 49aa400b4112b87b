import { readConfig, toDatabaseTls } from '@engineer-chat/adapters/environment'
import { openMysql, readMonthlyTables } from '@engineer-chat/adapters/mysql'
import { readCommandLine } from '@engineer-chat/process/commands'
import { divideTables } from '../src/commands/partitions/divide-tables.ts'
import { isFullyDivided, renderTables } from '../src/commands/partitions/render-tables.ts'
import { printAndVerifyArchive } from '../src/commands/partitions/verify-archive.ts'
import { runOrExit } from '../src/read-environment-or-exit.ts'
import { addRunningProductVariables } from '../src/running-product.ts'

// npm run partitions says how the tables of the audit and of the calls to models are stored. With --divide it moves
// them into monthly partitions.

const { values } = readCommandLine('partitions')
const environment = addRunningProductVariables(process.env, values.data)
const config = await runOrExit(() => readConfig(environment, ['database', 'databaseAdmin', 'retention']))
if (values['verify-archive']) process.exit((await printAndVerifyArchive(config.retention.archiveFolder)) ? 0 : 1)

const mysql = openMysql(config.databaseAdmin.url ?? config.database.url, {
  connectionLimit: 1,
  tls: toDatabaseTls(config),
})
try {
  if (values.divide) {
    const options = {
      batchRows: Number(values.batch),
      workTimePercent: Number(values.share),
      shouldGiveUpMissingRows: values['drop-old'] === true,
    }
    await runOrExit(() => divideTables(mysql, options))
  }
  const tables = await readMonthlyTables(mysql)
  console.log(renderTables(tables))
  process.exitCode = tables.every(isFullyDivided) ? 0 : 1
} finally {
  await mysql.close()
}
