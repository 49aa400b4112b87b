import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { toDatabaseTls } from '@engineer-chat/adapters/environment'
import { findTrace, openMysql } from '@engineer-chat/adapters/mysql'
import { readCommandLine } from '@engineer-chat/process/commands'
import { formatTrace } from '../src/commands/trace/format-trace.ts'
import { LogLines } from '../src/commands/trace/log-lines.ts'
import { readEnvironmentOrExit, runOrExit } from '../src/read-environment-or-exit.ts'
import { addRunningProductVariables } from '../src/running-product.ts'

// npm run trace -- ID [--logs=FILE]… prints the history of a question. ID is the id of the question, of its reply or of
// a request. Logs are read, too, because the id of a request may be only there.

const { values, positionals } = readCommandLine('trace')
const [id = ''] = positionals // `readCommandLine` accepts exactly one argument.
const config = await readEnvironmentOrExit(addRunningProductVariables(process.env, values.data))
const logLines = new LogLines()
for (const file of values.logs ?? []) await readLines(file === '-' ? process.stdin : createReadStream(file))

const mysql = openMysql(config.database.url, { connectionLimit: 2, tls: toDatabaseTls(config) })
try {
  // The process ends with a message for operators if MySQL can't be reached or its TLS certificate is not accepted.
  const connection = await runOrExit(() => mysql.open())
  await connection.end()
  const ids = new Set([id])
  logLines.findLines(ids) // This adds the ids that the logs connect with `id`.
  const trace = await findFirstTrace([...ids])
  if (trace) {
    for (const traceId of [trace.question_id, trace.reply_id, ...trace.request_ids]) if (traceId) ids.add(traceId)
  }
  const outputLines = formatTrace(trace, logLines.findLines(ids))
  for (const line of outputLines) console.log(line)
  if (outputLines.length === 0) {
    console.error(
      'Nothing has this id: neither a request, a question nor a reply. It may be older than the kept records.',
    )
    process.exitCode = 1
  }
} finally {
  await mysql.close()
}

/** Tries several ids, because the audit log may no longer contain the request that the logs contain. */
async function findFirstTrace(ids: string[]) {
  for (const candidate of ids) {
    const trace = await findTrace(mysql, candidate)
    if (trace) return trace
  }
  return undefined
}

async function readLines(input: NodeJS.ReadableStream): Promise<void> {
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) logLines.add(line)
}
