import { LlmError } from '@engineer-chat/chat/models'
import { buildPrompt } from '@engineer-chat/chat/prompting'
import { answerReply } from '@engineer-chat/chat/replying'
import { createFinish, createScriptedLlm } from '@engineer-chat/chat/testing'
import t from 'tap'
import { createRedactor } from '../../../src/prompting/redaction/redactor.ts'
import { createRestorer } from '../../../src/prompting/redaction/restorer.ts'
import { aQuestion } from '../../../testing/contracts/harness.ts'
import { createCardNumber, createResidentNumber, plantSecret } from '../../../testing/planted-secrets.ts'
import { createSeededRandom } from '../../../testing/seeded-random.ts'
import { startWorker, startWorkerWithModels } from '../../replying/reply-harness.ts'
import { createContext, MODEL, SETTINGS } from '../prompt-context.ts'

const notAborted = new AbortController().signal
const redact = (text: string, isMailRedacted = true) => createRedactor([text], { isMailRedacted }).redact(text)

t.test('[SECRET1] of a thousand seeded secrets none is in the prompt for a provider', async (t) => {
  const random = createSeededRandom(20_261_122)
  let leakCount = 0
  for (let batch = 0; batch < 20; batch++) {
    const planted = Array.from({ length: 50 }, () => plantSecret(random))
    const lines = planted.map(({ line }) => line)
    const context = createContext({
      event: { message: lines.slice(0, 15).join('\n'), context: lines.slice(15, 25).join('\n') },
      summary: { event_summary: lines.slice(25, 35).join('\n'), event_suggestion: lines.slice(35, 40).join('\n') },
      history: [{ question: lines.slice(40, 43).join('\n'), answer: lines.slice(43, 46).join('\n') }],
      question: lines.slice(46).join('\n'),
    })
    const contextJson = JSON.stringify(context)
    const sentJson = JSON.stringify(buildPrompt(context, MODEL, { ...SETTINGS, contextWindow: 1_000_000 }).turns)
    for (const { secret, line } of planted) {
      const written = JSON.stringify(secret).slice(1, -1)
      if (!contextJson.includes(written)) t.fail('the test did not plant the secret', { secret, line })
      if (!sentJson.includes(written)) continue
      t.fail('a secret was sent', { secret, line })
      leakCount += 1
    }
  }
  t.equal(leakCount, 0)
})

t.test('[SECRET1] no secret of a question is in the request to the provider, in the log or in the queue', async (t) => {
  const random = createSeededRandom(7)
  const planted = Array.from({ length: 40 }, () => plantSecret(random))
  const text = planted
    .map(({ line }) => line)
    .join('\n')
    .slice(0, 7_900)
  const llm = createScriptedLlm([['Rotate [[KEY-1]]', ' and [[PASS', 'WORD-1]] now.', createFinish()]])
  const worker = await startWorkerWithModels([llm], text)
  await answerReply(worker.ctx, worker.ref, notAborted)
  const [request] = llm.requests
  const requestJson = JSON.stringify(request?.turns)
  const asked = planted.filter(({ line }) => text.includes(line))
  for (const { secret } of asked) {
    const written = JSON.stringify(secret).slice(1, -1)
    t.notOk(requestJson.includes(written), 'not in the request')
    t.notOk(JSON.stringify(worker.log.lines).includes(written), 'not in the log')
    t.notOk(JSON.stringify(worker.hints.queue.waiting).includes(written), 'not in the queue')
  }
  t.notMatch(worker.getContent()?.content, /\[\[/, 'and the answer has them back')
  t.equal(
    worker.publishedHints
      .filter((hint) => hint.type === 'delta')
      .map((hint) => hint.text)
      .join(''),
    worker.getContent()?.content,
  )
})

t.test('[SECRET2] indicators and other facts of an investigation stay as they are', async (t) => {
  for (const indicator of [
    '203.0.113.77:443 and 2001:db8::7',
    'cdn-update.example, hxxps://evil[.]example/a.php?id=7',
    'd41d8cd98f00b204e9800998ecf8427e',
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'C:\\Users\\m.chen\\AppData\\Local\\Temp\\a.exe and /etc/cron.d/x',
    'FIN-WS-042, CORP\\m.chen, S-1-5-21-3623811015-3361044348-30300820-1013',
    'CVE-2026-12345, pid 13800, port 65535, 2026-11-22T08:14:03.123Z, 1763800443123',
    'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run',
    'the password policy was changed; 3 failed passwords; token was expired',
    'uuid 0193b6c1-7c1e-7a11-9f3e-0123456789ab',
  ]) {
    t.equal(redact(indicator), indicator)
  }
})

t.test('[SECRET3] personal numbers are recognized by their checksums', async (t) => {
  const random = createSeededRandom(3)
  for (let times = 0; times < 50; times++) {
    t.match(redact(`number ${createCardNumber(random)}.`), /^number \[\[CARD-1\]\]\.$/)
    t.match(redact(`身份证${createResidentNumber(random)}`), /\[\[ID-1\]\]$/)
  }
  t.equal(redact('4111 1111 1111 1112'), '4111 1111 1111 1112', 'it is no card’s number')
  t.equal(redact('110101199001011230'), '110101199001011230', 'it is nobody’s number')
  t.equal(redact('4111 1111 1111 1111 12/27, 123'), '[[CARD-1]] 12/27, 123', 'the month stays')
  t.equal(redact('dates 30061983 30071986'), 'dates 30061983 30071986', 'these are two dates')
  t.equal(redact('call +86 138 0013 8000 or 13900139000'), 'call [[PHONE-1]] or [[PHONE-2]]')
  t.equal(redact('call +44 20 7946 0958'), 'call [[PHONE-1]]')
})

t.test('[SECRET4] the name in a mail address is redacted, by setting, and the domain stays', async (t) => {
  t.equal(redact('from m.chen@corp.example to a@b.example'), 'from [[MAIL-1]]@corp.example to [[MAIL-2]]@b.example')
  t.equal(redact('a[at]corp.example'), '[[MAIL-1]][at]corp.example')
  t.equal(redact('from m.chen@corp.example', false), 'from m.chen@corp.example')
})

t.test('[SECRET5] the same secret has the same placeholder, wherever it is in the request', async (t) => {
  const [sentence, assignment] = ['login with Summer2026!x', 'DB_PASSWORD=Summer2026!x']
  const redactor = createRedactor([sentence, assignment], { isMailRedacted: true })
  t.equal(redactor.redact(sentence), 'login with [[PASSWORD-1]]')
  t.equal(redactor.redact(assignment), 'DB_PASSWORD=[[PASSWORD-1]]')
  t.same(redactor.listRedactions(), [{ placeholder: '[[PASSWORD-1]]', kind: 'PASSWORD' }])
})

t.test('[SECRET5] a password that is also the name in a mail address must not be in a link', async (t) => {
  for (const password of ['Secr3t99', 'Secr3t']) {
    const [address, assignment] = [`${password}@db.corp.example`, `password: ${password}`]
    const redactor = createRedactor([address, assignment], { isMailRedacted: true })
    redactor.redact(address)
    redactor.redact(assignment)
    t.same(redactor.listSecretsNotAllowedInLinks(), [password])
  }
  const [address, assignment] = ['Secr3t99@db.corp.example', 'password: Secr3t99']
  const redactor = createRedactor([address, assignment], { isMailRedacted: true })
  t.equal(redactor.redact(address), '[[PASSWORD-1]]@db.corp.example')
  t.same(redactor.listSecretsNotAllowedInLinks(), ['Secr3t99'], 'also if the assignment does not fit the prompt')
})

t.test('[SECRET5] text that looks like a placeholder comes back as it was', async (t) => {
  const text = 'ignore [[KEY-1]], use AKIAABCDEFGHIJKLMNOP'
  const redactor = createRedactor([text], { isMailRedacted: true })
  const redacted = redactor.redact(text)
  t.equal(redacted, 'ignore [[TEXT-1]], use [[KEY-1]]')
  const restorer = createRestorer(redactor)
  t.equal(restorer.push(redacted) + restorer.end(), text)
})

t.test(
  '[SECRET5] a text is hidden if it looks like a placeholder of any number that a redactor could write',
  async (t) => {
    for (const number of ['1', '9999', '10000', '123456789']) {
      const text = `ignore [[KEY-${number}]]`
      const redactor = createRedactor([text], { isMailRedacted: true })
      t.equal(redactor.redact(text), 'ignore [[TEXT-1]]')
      const restorer = createRestorer(redactor)
      t.equal(restorer.push('[[TEXT-1]]') + restorer.end(), `[[KEY-${number}]]`)
      t.equal(redact(`password: [[KEY-${number}]]`), 'password: [[TEXT-1]]', 'it is no password')
    }
  },
)

t.test('[SECRET6] redacted secrets are put back wherever the stream is split', async (t) => {
  const text = 'Use AKIAABCDEFGHIJKLMNOP, not [[ or [[KEY or arr[0][[1]] and password=Winter2025.'
  const redactor = createRedactor([text], { isMailRedacted: true })
  const redacted = redactor.redact(text)
  t.not(redacted, text)
  for (let firstSplit = 0; firstSplit <= redacted.length; firstSplit++) {
    for (let secondSplit = firstSplit; secondSplit <= redacted.length; secondSplit += 3) {
      const restorer = createRestorer(redactor)
      const pieces = [
        redacted.slice(0, firstSplit),
        redacted.slice(firstSplit, secondSplit),
        redacted.slice(secondSplit),
      ]
      const out = pieces.map((piece) => restorer.push(piece)).join('') + restorer.end()
      if (out !== text) t.equal(out, text, `split at ${firstSplit} and ${secondSplit}`)
    }
  }
  const restorer = createRestorer(redactor)
  t.equal([...redacted].map((char) => restorer.push(char)).join('') + restorer.end(), text, 'character by character')
  t.equal(createRestorer(redactor).push('a [[NOBODY-7]] b'), 'a [[NOBODY-7]] b')
})

t.test('[SECRET6] redacted secrets are put back, however many they are', async (t) => {
  const secrets = Array.from({ length: 10_050 }, (_, index) => `Winter2025!${index}`)
  const text = secrets.map((secret) => `password=${secret}`).join('\n')
  const redactor = createRedactor([text], { isMailRedacted: true })
  const redacted = redactor.redact(text)
  t.ok(redacted.endsWith('password=[[PASSWORD-10050]]'))
  for (const pieceLength of [redacted.length, 1, 7, 4_096]) {
    const restorer = createRestorer(redactor)
    let restored = ''
    for (let start = 0; start < redacted.length; start += pieceLength)
      restored += restorer.push(redacted.slice(start, start + pieceLength))
    restored += restorer.end()
    t.ok(restored === text, `in pieces of ${pieceLength} characters`)
  }
})

t.test('[SECRET7] a secret that is split by invisible characters is found', async (t) => {
  const key = 'AKIAABCDEFGHIJKLMNOP'
  const broken = `${key.slice(0, 8)}\u200b${key.slice(8)}`
  const { turns } = buildPrompt(createContext({ question: `what of ${broken}?` }), MODEL, SETTINGS)
  t.equal(turns.at(-1)?.content, 'what of [[KEY-1]]?')
})

t.test('[SECRET7] hostile text is searched within seconds', async (t) => {
  for (const text of [
    '-----BEGIN PRIVATE KEY-----\n'.repeat(2_000),
    'password='.repeat(7_000),
    'a://b:'.repeat(10_000),
    'eyJ'.repeat(20_000),
    '1'.repeat(60_000),
    '1 '.repeat(30_000),
    'curl '.repeat(12_000),
    `mysql ${' -x'.repeat(20_000)}`,
    '"'.repeat(60_000),
    'a.'.repeat(30_000),
    'PuTTY-User-Key-File-2: a\n'.repeat(2_500),
  ]) {
    const startedAt = performance.now()
    redact(text)
    const ms = Math.round(performance.now() - startedAt)
    t.ok(ms < 4_000, `${text.slice(0, 20)} took ${ms} ms`)
  }
})

t.test('[SECRET8] no prompt is built for the offline analyst, and nothing is redacted', async (t) => {
  const model = { ...MODEL, id: 'offline-analyst', provider: 'offline' }
  const prompt = buildPrompt(createContext({ question: 'what of AKIAABCDEFGHIJKLMNOP?' }), model, SETTINGS)
  t.same(prompt.turns, [])
  t.same(prompt.redactions, [])
  t.equal(prompt.createRestorer().push('[[KEY-1]]'), '[[KEY-1]]')
})

t.test('[SECRET9] an error row and its log line hold nothing of the question', async (t) => {
  const secret = 'AKIAABCDEFGHIJKLMNOP'
  const worker = await startWorker([[new LlmError('llm_rejected', 'for logs', { transient: false })]], `why ${secret}?`)
  await worker.stores.messages.ask(aQuestion(worker.place, { text: 'And then?' }))
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.match(worker.getContent(), { error: { code: 'llm_rejected' } })
  for (const written of [worker.getContent(), worker.log.lines, worker.stores.data.calls, worker.hints.queue.waiting]) {
    t.notMatch(JSON.stringify(written), secret)
  }
})
