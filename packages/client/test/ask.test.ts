import { EventEmitter, once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parseArguments } from '../bin/ask/arguments.ts'
import { ask } from '../bin/ask/ask.ts'
import { describeError } from '../bin/ask/describe-error.ts'
import { showControlCharacters } from '../bin/ask/show-control-characters.ts'
import { ApiProblem } from '../src/index.ts'
import { type FakeResponse, type ReceivedRequest, startFakeServer } from './fake-server.ts'
import {
  createAnsweredReply,
  createDelta,
  createEvent,
  createHello,
  createMessageChanged,
  createProblem,
  createSendResult,
  createSignInResponder,
  createSubscribed,
  ROOM,
} from './sample-data.ts'

class FakeTerminal extends EventEmitter {
  out = ''
  error = ''
  readonly stdout = {
    write: (text: string) => {
      this.out += text
      this.emit('written')
    },
  }
  readonly stderr = {
    write: (text: string) => {
      this.error += text
    },
  }
}

async function startProduct(t: Test, answer: (request: ReceivedRequest) => FakeResponse | undefined = () => undefined) {
  const signIn = createSignInResponder()
  const server = await startFakeServer((request) => {
    if (request.path === '/api/engineer-chat/send') return answer(request) ?? { body: createSendResult() }
    if (request.path === `/api/events/${ROOM}`) return { body: createEvent() }
    return answer(request) ?? signIn(request) ?? { status: 204 }
  })
  t.teardown(() => server.close())
  const data = t.testdir()
  const stoppedNode = { name: 'api-1', role: 'api', pid: 1, url: 'http://127.0.0.1:9' }
  const runningNode = { name: 'api-2', role: 'api', pid: 2, url: server.baseUrl }
  const logins = [{ username: 'alice', password: 'a-password', role: 'engineer' }]
  const runFile = { started_at: '', services: [stoppedNode, runningNode], logins, demo_event_id: ROOM }
  writeFileSync(join(data, 'run.json'), JSON.stringify(runFile))
  const terminal = new FakeTerminal()
  const startAsk = (...args: string[]) => ask(parseArguments([...args, `--data=${data}`]), terminal)
  return { server, data, terminal, startAsk }
}

t.test(
  '[CLIENT15] ask signs in at a node that answers, shows the answer as it is written, and names session and round',
  async (t) => {
    const { server, terminal, startAsk } = await startProduct(t)
    const exitCode = startAsk('what', 'now?')
    const peer = await server.peers.next()
    peer.send(
      createHello(),
      createSubscribed(2, [createSendResult().ai_message]),
      createDelta('m-2', { attempt: 1, index: 0, text: 'Contain \u001b[31mweb-01' }),
    )
    peer.send(createMessageChanged(createAnsweredReply(2, 3, 'Contain \u001b[31mweb-01.')))
    t.equal(await exitCode, 0)
    t.match(
      terminal.out,
      /alice asks in "A beacon":\nwhat now\?\n\nContain ⟨U\+001B⟩\[31mweb-01\.\n\nSession chat_\w+, round 1 of 10\./,
    )
    t.notMatch(terminal.out, /[[\p{Cc}\p{Bidi_Control}]--[\n\t]]/v, 'no control character reaches the terminal')
  },
)

t.test('[CLIENT15] for a Chinese question, the heading and the last line of the program are Chinese', async (t) => {
  const { server, terminal, startAsk } = await startProduct(t)
  const exitCode = startAsk('我们应该先遏制什么？')
  const peer = await server.peers.next()
  peer.send(
    createHello(),
    createSubscribed(2),
    createMessageChanged({ ...createAnsweredReply(2, 3, '模型没有回答。'), message_type: 'error' }),
  )
  t.equal(await exitCode, 1, 'a reply that ended as an error gives exit code 1')
  t.match(terminal.out, /alice 在“A beacon”中提问：[\s\S]*模型没有回答。\n\n会话 chat_\w+，第 1 轮，共 10 轮。/)
})

t.test('[CLIENT15] Ctrl-C cancels the reply and waits for its end', async (t) => {
  const cancelled = Promise.withResolvers<void>()
  const { server, terminal, startAsk } = await startProduct(t, ({ path }) => {
    if (!path.endsWith('/m-2/cancel')) return undefined
    cancelled.resolve()
    return { body: createSendResult().ai_message }
  })
  const exitCode = startAsk('what now?')
  const peer = await server.peers.next()
  peer.send(
    createHello(),
    createSubscribed(2, [createSendResult().ai_message]),
    createDelta('m-2', { attempt: 1, index: 0, text: 'Con' }),
  )
  while (!terminal.out.includes('Con')) await once(terminal, 'written')
  terminal.emit('SIGINT')
  await cancelled.promise
  const row = createAnsweredReply(2, 3, 'Con')
  peer.send(createMessageChanged({ ...row, message_content: { content: 'Con', finish_reason: 'cancelled' } }))
  t.equal(await exitCode, 130)
  t.match(terminal.error, 'Cancelling the reply')
})

t.test('[CLIENT15] a second Ctrl-C stops waiting for the end of the reply, with the same exit code', async (t) => {
  const { server, terminal, startAsk } = await startProduct(t)
  const failure = startAsk('what now?').then(
    () => t.fail('the reply has not ended'),
    (error: unknown) => error,
  )
  const peer = await server.peers.next()
  peer.send(
    createHello(),
    createSubscribed(2, [createSendResult().ai_message]),
    createDelta('m-2', { attempt: 1, index: 0, text: 'Con' }),
  )
  while (!terminal.out.includes('Con')) await once(terminal, 'written')
  terminal.emit('SIGINT')
  terminal.emit('SIGINT')
  t.match(describeError(await failure), { line: 'Cancelled.', exitCode: 130 })
})

t.test('[CLIENT15] the options select a new session, another event and another user', async (t) => {
  const { server, startAsk } = await startProduct(t, ({ path }) =>
    path.endsWith('/new-session') ? { status: 201, body: { session_id: 'chat_new' } } : undefined,
  )
  const exitCode = startAsk('what now?', '--session=new', `--event=${ROOM}`)
  const peer = await server.peers.next()
  peer.send(createHello(), createSubscribed(2), createMessageChanged(createAnsweredReply(2, 3, 'Wait.')))
  await exitCode
  t.match(server.requests.find(({ path }) => path.endsWith('/send'))?.body, { session_id: 'chat_new', event_id: ROOM })
  await t.rejects(startAsk('what now?', '--user=mallory'), { message: /no login for mallory, only for alice/ })
})

t.test('[CLIENT20] a product on another machine is asked at its URL, with a password from a file', async (t) => {
  const { server } = await startProduct(t)
  const passwordFile = join(t.testdir({ password: 'a-password\n' }), 'password')
  const startRemote = (url: string, file: string) => {
    const args = parseArguments(['what now?', `--event=${ROOM}`, `--url=${url}`, `--password-file=${file}`])
    return ask(args, new FakeTerminal())
  }
  const exitCode = startRemote(`${server.baseUrl}/`, passwordFile)
  const peer = await server.peers.next()
  peer.send(createHello(), createSubscribed(2), createMessageChanged(createAnsweredReply(2, 3, 'Wait.')))
  t.equal(await exitCode, 0)
  const login = server.requests.find(({ path }) => path === '/api/auth/login')
  t.strictSame(
    login?.body,
    { username: 'alice', password: 'a-password' },
    'the line feed at the end of the file is no part of the password',
  )

  t.throws(() => parseArguments(['hi', '--url=http://127.0.0.1']), { message: /belong together/ })
  await t.rejects(startRemote(server.baseUrl, `${passwordFile}-2`), { message: /can't be read/ })
  await t.rejects(startRemote('http://127.0.0.1:9', passwordFile), { message: /^Nothing answers at http/ })
})

t.test('[CLIENT16] each failure is one line that says what to do', async (t) => {
  const readErrorLine = (run: () => unknown) =>
    Promise.resolve()
      .then(run)
      .then(
        () => '',
        (error) => describeError(error).line,
      )
  const withoutRunFile = { ...parseArguments(['hi']), dataFolder: t.testdir() }
  t.match(
    await readErrorLine(() => ask(withoutRunFile, new FakeTerminal())),
    /is not running: .*run\.json names no API node that answers\. Start it with `npm start`/,
  )

  const { data, server } = await startProduct(t)
  const withStoppedServer = { ...withoutRunFile, dataFolder: data }
  await server.close()
  t.match(await readErrorLine(() => ask(withStoppedServer, new FakeTerminal())), /names no API node that answers/)
  t.match(await readErrorLine(() => parseArguments([])), /^There is no question\.\n\nUsage: npm run ask/)
  t.match(await readErrorLine(() => parseArguments(['hi', '--wrong'])), /--wrong[\s\S]*Usage/)
  const fullSession = new ApiProblem({ ...createProblem(409, 'session_round_limit'), session_id: 'chat_1' })
  t.match(describeError(fullSession), { exitCode: 1, line: /--session=new/ })
})

t.test(
  '[DECEPTIVE5] every control character is shown as its code point, and visible text stays as it is',
  async (t) => {
    // U+2069 is the last bidirectional control.
    for (let code = 0; code < 0x2070; code++) {
      const character = String.fromCharCode(code)
      const marked = showControlCharacters(`a${character}b`)
      t.notMatch(marked, /[[\p{Cc}\p{Bidi_Control}]--[\n\t]]/v)
      if (marked !== `a${character}b`) t.match(marked, /^a⟨U\+[0-9A-F]{4}⟩b$/)
    }
    t.equal(showControlCharacters('a\r\nb\tc\rd'), 'a\nb\tc⟨U+000D⟩d')
    t.equal(showControlCharacters('\u009b31m 先隔离 👩🏽\u200d💻'), '⟨U+009B⟩31m 先隔离 👩🏽\u200d💻')
  },
)
