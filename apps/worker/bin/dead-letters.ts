import { parseArgs } from 'node:util'
import { toBudgetLimits, toDatabaseTls } from '@engineer-chat/adapters/environment'
import { describeModels } from '@engineer-chat/adapters/llm'
import { createMysqlStores, openMysql } from '@engineer-chat/adapters/mysql'
import { type DeadLetter, retryFailedReplies } from '@engineer-chat/chat/replying'
import { COMMAND_LINE } from '../src/command-line.ts'
import { findRunningProduct } from '../src/find-running-product.ts'
import { readEnvironmentOrExit, runOrExit } from '../src/read-environment-or-exit.ts'

// npm run dead-letters [-- --code=llm_unreachable] [--limit=N] [--retry] [--data=.data] lists replies that ended as an error.
// With --retry each is asked again. The sweep of a worker finds them, so this command needs only MySQL.

const { values } = parseArgs({
  options: {
    code: { type: 'string' },
    limit: { type: 'string', default: '100' },
    retry: { type: 'boolean', default: false },
    data: { type: 'string' },
  },
})
const config = await readEnvironmentOrExit(findRunningProduct(process.env, values.data))
const models = await runOrExit(() => describeModels(config.llm))
const mysql = openMysql(config.database.url, { connectionLimit: 2, tls: toDatabaseTls(config) })
const stores = createMysqlStores(mysql, { budgets: toBudgetLimits(config) })
try {
  // The process ends with a message for operators if the server can't be reached or is refused.
  const connection = await runOrExit(() => mysql.open())
  await connection.end()
  const limit = Math.max(1, Math.trunc(Number(values.limit)) || 100)
  const found = await stores.deadLetters.list({ limit, ...(values.code !== undefined && { code: values.code }) })
  for (const { failed_at, code, event_id, message_id } of found)
    console.log(`${failed_at}  ${code}  ${event_id}  ${message_id}`)
  if (!values.retry) console.log(`${found.length} failed replies; --retry asks them again.`)
  else await retry(found)
} finally {
  await mysql.close()
}

async function retry(found: DeadLetter[]): Promise<void> {
  const auditContext = { actor: COMMAND_LINE.user_id, address: null, request_id: null, detail: 'command line' }
  const { retried, overBudget, pinned } = await retryFailedReplies({ ...stores, models }, found, auditContext)
  console.log(`${retried} of ${found.length} are asked again.`)
  if (overBudget > 0)
    console.log(`${overBudget} don’t fit into their budgets: raise LLM_BUDGET_…, or try again tomorrow.`)
  if (pinned > 0) console.log(`${pinned} are pinned as evidence and can be asked again once they are unpinned.`)
}
