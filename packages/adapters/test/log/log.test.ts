import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { createLog } from '@engineer-chat/adapters/log'
import { LlmError } from '@engineer-chat/chat/models'
import { ChatError } from '@engineer-chat/chat/shared'
import t from 'tap'

function createRecordedLog(level: 'info' | 'warn' = 'info') {
  const lines: Array<Record<string, unknown>> = []
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) }
  return { log: createLog({ level, service: 'test', destination }), lines }
}

t.test('[LOG1] a line is JSON with its event, its service and the ids it was given', async (t) => {
  const { log, lines } = createRecordedLog()
  log.info('EngineerChat.reply_finished', { message_id: 'm1', attempt: 2, duration_ms: 12.5 })
  t.match(lines, [
    {
      level: 'info',
      service: 'test',
      event: 'EngineerChat.reply_finished',
      message_id: 'm1',
      attempt: 2,
      duration_ms: 12.5,
    },
  ])
  t.match(lines[0]?.time, /^\d{4}-\d\d-\d\dT.*Z$/)
})

t.test('[DECEPTIVE5] a line contains no control characters for a terminal, and its values are unchanged', async (t) => {
  const written: string[] = []
  const log = createLog({ level: 'info', service: 'test', destination: { write: (line) => void written.push(line) } })
  for (let code = 0; code < 0xa0; code++) {
    const model = `gpt${String.fromCharCode(code)}31m\u202efdp`
    log.info('EngineerChat.test', { model })
    const line = written.pop() ?? ''
    t.match(JSON.parse(line), { model })
    t.notMatch(line.slice(0, -1), /[\p{Cc}\p{Bidi_Control}]/u)
  }
})

t.test('[LOG2] only allow-listed fields are written, whatever fields a caller passes', async (t) => {
  const { log, lines } = createRecordedLog()
  log.warn('EngineerChat.odd', {
    message: 'the text',
    password: 'hunter2',
    content: 'x',
    user_id: 'u1',
    reason: 'y'.repeat(999),
  })
  t.notMatch(JSON.stringify(lines), /the text|hunter2|content/)
  t.match(lines, [{ level: 'warn', user_id: 'u1' }])
  t.equal(lines[0]?.reason, 'y'.repeat(256), 'a long value is cut')
})

t.test(
  '[LOG2] an error shows its class, code and place, but a message only if its class is known to contain no text of users',
  async (t) => {
    const { log, lines } = createRecordedLog()
    const driverError = Object.assign(new Error("Duplicate entry 'what alice wrote'"), { code: 'ER_DUP_ENTRY' })
    log.error(
      'EngineerChat.failed',
      { code: 'internal' },
      new Error('Failed query: what alice wrote', { cause: driverError }),
    )
    log.error('EngineerChat.failed', {}, new LlmError('llm_timeout', 'no answer in 30 s', { transient: true }))
    t.notMatch(JSON.stringify(lines), /alice/)
    t.match(lines, [
      { level: 'error', code: 'internal', error: { name: 'Error', code: 'ER_DUP_ENTRY', cause: 'Error' } },
      { error: { name: 'LlmError', code: 'llm_timeout', message: 'no answer in 30 s' } },
    ])
  },
)

t.test(
  '[LOG3] a database’s error has its code and its number on the line, even if an error of this system wraps it',
  async (t) => {
    const { log, lines } = createRecordedLog()
    const driverError = Object.assign(new Error('what alice wrote'), { code: 'ER_CON_COUNT_ERROR', errno: 1040 })
    log.warn('EngineerChat.failed', {}, driverError)
    log.error('EngineerChat.failed', {}, Object.assign(new ChatError('unavailable'), { cause: driverError }))
    t.notMatch(JSON.stringify(lines), /alice/)
    t.match(lines, [
      { level: 'warn', error: { code: 'ER_CON_COUNT_ERROR', errno: 1040, stack: undefined } },
      { level: 'error', error: { code: 'unavailable', cause_code: 'ER_CON_COUNT_ERROR', errno: 1040, stack: [/at/] } },
    ])
  },
)

t.test('[LOG1] lines below the level are not written', async (t) => {
  const { log, lines } = createRecordedLog('warn')
  log.info('EngineerChat.quiet')
  t.strictSame(lines, [])
})

t.test('[LOG1] lines that are written together are output soon, and at exit no line is lost', async (t) => {
  const logModuleUrl = new URL('../../src/log/index.ts', import.meta.url)
  const program = `import { createLog } from '${logModuleUrl}'
    const log = createLog({ level: 'info', service: 'test' })
    log.info('EngineerChat.first')
    process.stdin.once('data', () => {
      log.info('EngineerChat.last')
      process.exit(1)
    })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] })
  t.teardown(() => child.kill())
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  t.match((await lines.next()).value, 'EngineerChat.first')
  child.stdin.write('go on')
  t.match((await lines.next()).value, 'EngineerChat.last')
  t.same(await once(child, 'exit'), [1, null])
})
