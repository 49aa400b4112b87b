import { toBudgetLimits, toDatabaseTls } from '@engineer-chat/adapters/environment'
import { readConfiguredModels } from '@engineer-chat/adapters/llm'
import { createMysqlStores, openMysql } from '@engineer-chat/adapters/mysql'
import { readDeadLetters, retryFailedReplies } from '@engineer-chat/chat/replying'
import { readCommandLine } from '@engineer-chat/process/commands'
import { COMMAND_LINE_PRINCIPAL } from '../src/command-line.ts'
import { readEnvironmentOrExit, runOrExit } from '../src/read-environment-or-exit.ts'
import { addRunningProductVariables } from '../src/running-product.ts'

// npm run dead-letters lists replies that ended as an error. With --retry it also asks each of them again. The sweep of
// a worker finds the retried replies, so this command needs only MySQL.

const { values } = readCommandLine('dead-letters')
const config = await readEnvironmentOrExit(addRunningProductVariables(process.env, values.data))
const models = await runOrExit(() => readConfiguredModels(config.llm))
const mysql = openMysql(config.database.url, { connectionLimit: 2, tls: toDatabaseTls(config) })
const stores = createMysqlStores(mysql, { budgets: toBudgetLimits(config) })
const filter = values.code === undefined ? {} : { code: values.code }
const limit = values.all ? Number.POSITIVE_INFINITY : Number(values.limit)
const auditContext = { actor: COMMAND_LINE_PRINCIPAL.user_id, address: null, request_id: null, detail: 'command line' }
const counts = { listed: 0, retried: 0, overBudget: 0, pinned: 0, forbiddenByTlp: 0 }
try {
  // The process ends with a message for operators if MySQL can't be reached or its TLS certificate is not accepted.
  const connection = await runOrExit(() => mysql.open())
  await connection.end()
  const totalFailed = await stores.deadLetters.count(filter)
  for await (const letters of readDeadLetters(stores.deadLetters, { ...filter, limit })) {
    for (const { failed_at, code, event_id, message_id } of letters)
      console.log(`${failed_at}  ${code}  ${event_id}  ${message_id}`)
    counts.listed += letters.length
    if (!values.retry) continue
    const retryCounts = await retryFailedReplies({ ...stores, models }, letters, auditContext)
    counts.retried += retryCounts.retried
    counts.overBudget += retryCounts.overBudget
    counts.pinned += retryCounts.pinned
    counts.forbiddenByTlp += retryCounts.forbiddenByTlp
  }
  for (const line of summarize(totalFailed)) console.log(line)
} finally {
  await mysql.close()
}

function summarize(totalFailed: number): string[] {
  const { listed, retried, overBudget, pinned, forbiddenByTlp } = counts
  const lines: string[] = []
  if (values.retry) lines.push(`${retried} of ${listed} are asked again.`)
  if (overBudget > 0) lines.push(`${overBudget} are over a budget: raise LLM_BUDGET_…, or try again tomorrow.`)
  if (forbiddenByTlp > 0)
    lines.push(`${forbiddenByTlp} are of events that are TLP:RED, which no configured model may read.`)
  if (pinned > 0) lines.push(`${pinned} are pinned as evidence and can be asked again once they are unpinned.`)
  const areAllListed = totalFailed <= listed
  const listedText = areAllListed
    ? `${listed} failed replies.`
    : `${listed} of ${totalFailed} failed replies. --all lists all, --limit=N more.`
  lines.push(values.retry ? listedText : `${listedText} --retry asks them again.`)
  return lines
}
