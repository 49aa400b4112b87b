import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createMysqlStores, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import { createId, createSessionId } from '@engineer-chat/chat/shared'
import { getTestServers } from '@engineer-chat/local-stack/testing'
import { createConnection } from 'mysql2/promise'
import t from 'tap'

const SERVER = getTestServers().databaseUrl

t.test(
  '[OPS1] the command lists failed replies with their codes, and asks them again',
  { timeout: 100_000 },
  async (t) => {
    const name = `ec_test_${randomBytes(6).toString('hex')}`
    const admin = await createConnection(SERVER)
    await admin.query(`CREATE DATABASE ${name}`)
    const url = new URL(SERVER)
    url.pathname = `/${name}`
    const mysql = openMysql(url.href, { connectionLimit: 3 })
    t.teardown(async () => {
      await mysql.close()
      await admin.query(`DROP DATABASE ${name}`)
      await admin.end()
    })
    await migrate(mysql)
    const stores = createMysqlStores(mysql)
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
    const createFailedReply = async (user_id: string, code: 'llm_unreachable' | 'llm_rejected') => {
      const { reply } = await stores.messages.ask({
        event_id,
        user_id,
        text: 'a private question',
        client_message_id: null,
        request_hash: 'x',
        session_id: null,
        forbidden_tlp: [],
        visibility: null,
        model: null,
        max_rounds: 10,
        question_id: createId(),
        reply_id: createId(),
        new_session_id: createSessionId(event_id, user_id),
      })
      const { message_id } = reply.message
      const claim = await stores.replies.claim(message_id, 60_000)
      const content = { content: 'sorry', error: { code, retryable: true } }
      await stores.replies.finish({ message_id, attempt: claim?.row.attempt ?? 0 }, { type: 'error', content })
      return message_id
    }
    const [unreachableId, rejectedId] = [
      await createFailedReply('alice', 'llm_unreachable'),
      await createFailedReply('bob', 'llm_rejected'),
    ]

    const runDeadLetters = async (args: string[] = [], extraEnv: Record<string, string> = {}) => {
      const path = fileURLToPath(new URL('../bin/dead-letters.ts', import.meta.url))
      const { PATH, NODE_OPTIONS } = process.env
      const env = { PATH, NODE_OPTIONS, DATABASE_URL: url.href, REDIS_URL: 'redis://127.0.0.1:1', ...extraEnv }
      return (await promisify(execFile)(process.execPath, [path, ...args], { env })).stdout
    }

    const listing = await runDeadLetters()
    t.match(listing, new RegExp(`llm_rejected  ${event_id}  ${rejectedId}`))
    t.match(listing, new RegExp(`llm_unreachable  ${event_id}  ${unreachableId}`))
    t.notMatch(listing, 'private question')
    t.match(listing, /^2 failed replies\. --retry asks them again\.$/m)

    const shortListing = await runDeadLetters(['--limit=1'])
    t.match(shortListing, /^1 of 2 failed replies\. --all lists all, --limit=N more\. --retry asks them again\.$/m)
    // The output is one line for each listed reply, the line with the counts, and the empty end.
    t.same([shortListing.split('\n').length, (await runDeadLetters(['--limit=1', '--all'])).split('\n').length], [3, 4])
    t.match(
      await runDeadLetters(['--code=llm_rejected']),
      /^1 failed replies\./m,
      'only replies with this code are counted',
    )

    const modelSettings = { LLM_BASE_URL: 'http://127.0.0.1:1', LLM_MODEL: 'm' }
    const overBudget = await runDeadLetters(['--retry'], { ...modelSettings, LLM_BUDGET_USER_DAILY_TOKENS: '1' })
    t.match(overBudget, '0 of 2 are asked again.', 'a retry must fit into the budget')
    t.match(overBudget, '2 are over a budget')
    t.equal(await stores.deadLetters.count(), 2)

    t.match(await runDeadLetters(['--code=llm_unreachable', '--retry']), '1 of 1 are asked again.')
    t.match(await stores.replies.takeDue(10, 1_000), [{ message_id: unreachableId, attempt: 2 }], 'the sweep finds it')
    t.match((await stores.audit.list({ limit: 1, action: 'retry' })).items, [
      { object_id: unreachableId, detail: 'command line' },
    ])

    const services = [
      { role: 'mysql', url: url.href },
      { role: 'redis', url: 'redis://127.0.0.1:1' },
    ]
    const data = t.testdir({ 'run.json': JSON.stringify({ services }) })
    t.match(
      await runDeadLetters([`--data=${data}`], { DATABASE_URL: '', REDIS_URL: '' }),
      '1 failed replies',
      '[OPS5] finds MySQL',
    )
  },
)
