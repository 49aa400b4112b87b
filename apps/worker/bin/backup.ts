import { backUp } from '../src/backup/backup.ts'
import { environmentOrExit } from '../src/environment-or-exit.ts'

// npm run backup -- FILE.sql.gz: the database that DATABASE_URL names, as it is at this moment.

const [file] = process.argv.slice(2)
if (file === undefined) {
  console.error('usage: npm run backup -- FILE.sql.gz')
  process.exit(2)
}
await backUp(environmentOrExit(process.env).DATABASE_URL, file)
console.log(`Written: ${file}`)
