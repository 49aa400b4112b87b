import { parseArgs } from 'node:util'
import { connect, deadLetters, mysqlStores } from '@engineer-chat/adapters/mysql'
import { askAgain } from '../src/ask-again.ts'
import { environmentOrExit } from '../src/environment-or-exit.ts'

// npm run dead-letters [-- --code=llm_unreachable] [--limit=N] [--retry]: replies that ended as an error; with --retry each is
// asked again, as if its asker had. A worker's sweep finds them, so nothing but MySQL has to be reached from here.

const { values } = parseArgs({
  options: {
    code: { type: 'string' },
    limit: { type: 'string', default: '100' },
    retry: { type: 'boolean', default: false },
  },
})
const mysql = connect(environmentOrExit(process.env).DATABASE_URL, { connectionLimit: 2 })
try {
  const limit = Math.max(1, Math.trunc(Number(values.limit)) || 100)
  const found = await deadLetters(mysql, { limit, ...(values.code !== undefined && { code: values.code }) })
  for (const { failed_at, code, event_id, message_id } of found)
    console.log(`${failed_at}  ${code}  ${event_id}  ${message_id}`)
  if (!values.retry) console.log(`${found.length} failed replies; --retry asks them again.`)
  else console.log(`${await askAgain(mysqlStores(mysql), found)} of ${found.length} are asked again.`)
} finally {
  await mysql.close()
}
