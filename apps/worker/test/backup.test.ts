import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { createMysqlStores, getInstallation, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import { createId, createSessionId } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'
import { getTestServers } from '@engineer-chat/local-stack/testing'
import { createConnection } from 'mysql2/promise'
import t, { type Test } from 'tap'
import { findTool } from '../src/commands/backup/dump-tool.ts'

const SERVER = getTestServers().databaseUrl
const NO_BUDGETS = { budgets: {} }

t.test(
  '[DATA4] a dump that is written while users ask questions contains every question that was stored before the dump',
  { timeout: 100_000 },
  async (t) => {
    const [sourceUrl, targetUrl] = [await createDatabase(t), await createDatabase(t)]
    const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-drill-'))
    t.teardown(() => rmSync(folder, { recursive: true, force: true }))
    const source = openMysql(sourceUrl, { connectionLimit: 5 })
    await migrate(source)
    const stores = createMysqlStores(source, NO_BUDGETS)
    const installation = await getInstallation(source)
    const { event_id } = await stores.events.create({
      event_id: createId(),
      event_name: 'Drill',
      message: 'm',
      context: '',
      severity: 'low',
      source: 's',
      access: 'open',
      tlp: 'amber',
      created_by: null,
    })
    const ask = () => stores.messages.ask(createQuestion(event_id))
    const storedBefore = [await ask(), await ask(), await ask()]

    let isDumping = true
    let askedWhileDumping = 0
    // The limit ends the questions if the dump fails.
    const askingQuestions = (async () => {
      for (; isDumping && askedWhileDumping < 500; askedWhileDumping += 1) await ask()
    })()
    const file = join(folder, 'backup.sql.gz')
    await runScript('backup', sourceUrl, file)
    isDumping = false
    await askingQuestions
    t.ok(askedWhileDumping > 0, 'questions were stored during the dump')
    t.same(readdirSync(folder), ['backup.sql.gz'])
    t.equal(statSync(file).mode & 0o077, 0, 'only the owner can read it')
    const { program } = findTool('dump')
    if (program === 'mariadb-dump') {
      t.notMatch(
        gunzipSync(readFileSync(file)).toString(),
        installation.hint_key,
        '[INSTALL3] the dump does not contain the key',
      )
    }

    t.match(await runScript('restore', targetUrl, file), 'Restored.')
    const target = openMysql(targetUrl, { connectionLimit: 2 })
    const targetInstallation = await getInstallation(target)
    t.not(targetInstallation.installation_id, installation.installation_id, '[INSTALL3] both installations may run')
    t.not(targetInstallation.hint_key, installation.hint_key)
    t.same(await getInstallation(source), installation)
    const targetStores = createMysqlStores(target, NO_BUDGETS)
    const { rows, seq } = (await targetStores.timeline.readChanges(event_id, null, 0, 100_000)) ?? {
      rows: [],
      seq: -1,
    }
    t.same(
      rows.map(({ message }) => message.seq),
      Array.from({ length: seq }, (_, index) => index + 1),
      'the dump shows one moment, so no sequence number is missing',
    )
    const restoredIds = new Set(rows.map(({ message }) => message.message_id))
    for (const { question } of storedBefore) t.ok(restoredIds.has(question.message.message_id))
    const dueReplies = await targetStores.replies.takeDue(1, 1_000)
    t.equal(dueReplies[0]?.message_id, storedBefore[0]?.reply.message.message_id, 'the oldest reply is due')
    await t.rejects(runScript('restore', targetUrl, file), 'a database with tables is not overwritten')
    await Promise.all([source.close(), target.close()])
  },
)

t.test(
  '[DATA4] a container that may not write files dumps to standard output, and restores from standard input',
  { timeout: 100_000 },
  async (t) => {
    const [sourceUrl, targetUrl] = [await createDatabase(t), await createDatabase(t)]
    const source = openMysql(sourceUrl, { connectionLimit: 1 })
    await migrate(source)
    await source.close()

    const dump = await runProgramWithInput('backup', sourceUrl, '-')
    t.match(dump, { code: 0, errors: 'Written: to standard output' })
    t.match(gunzipSync(dump.output).toString(), 'CREATE TABLE')
    t.match(await runProgramWithInput('restore', targetUrl, '-', dump.output), { code: 0, errors: '' })

    const failedDump = await runProgramWithInput('backup', `${sourceUrl}_missing`, '-')
    t.match(failedDump, { code: 1, errors: /The dump ended with/ }, 'a failed dump names the error')
  },
)

function createQuestion(event_id: string): Parameters<Stores['messages']['ask']>[0] {
  return {
    event_id,
    user_id: 'alice',
    text: 'What now?',
    client_message_id: null,
    request_hash: 'x',
    session_id: null,
    visibility: null,
    model: null,
    forbidden_tlp: [],
    max_rounds: 100_000,
    question_id: createId(),
    reply_id: createId(),
    new_session_id: createSessionId(event_id, 'alice'),
  }
}

/** Runs the program and returns its standard output. It rejects if the program fails. */
async function runScript(name: 'backup' | 'restore', DATABASE_URL: string, file: string): Promise<string> {
  const path = fileURLToPath(new URL(`../bin/${name}.ts`, import.meta.url))
  const { PATH, NODE_OPTIONS } = process.env
  const env = { PATH, NODE_OPTIONS, DATABASE_URL, REDIS_URL: 'redis://127.0.0.1' }
  return (await promisify(execFile)(process.execPath, [path, file], { env })).stdout
}

async function createDatabase(t: Test): Promise<string> {
  const name = `ec_test_${randomBytes(6).toString('hex')}`
  const admin = await createConnection(SERVER)
  await admin.query(`CREATE DATABASE ${name}`)
  t.teardown(async () => {
    await admin.query(`DROP DATABASE ${name}`)
    await admin.end()
  })
  const url = new URL(SERVER)
  url.pathname = `/${name}`
  return url.href
}

/** Runs the program with `input` as its standard input, and returns its outputs and its exit code. */
async function runProgramWithInput(name: 'backup' | 'restore', DATABASE_URL: string, file: string, input?: Buffer) {
  const path = fileURLToPath(new URL(`../bin/${name}.ts`, import.meta.url))
  const { PATH, NODE_OPTIONS } = process.env
  const env = { PATH, NODE_OPTIONS, DATABASE_URL, REDIS_URL: 'redis://127.0.0.1' }
  const child = spawn(process.execPath, [path, file], { env })
  child.stdin.end(input)
  const [output, errors, [code]] = await Promise.all([buffer(child.stdout), text(child.stderr), once(child, 'close')])
  return { output, errors, code }
}
