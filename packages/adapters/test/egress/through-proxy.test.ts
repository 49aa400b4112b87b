import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { createDispatcher } from '@engineer-chat/adapters/egress'
import { createOpenAiLlm } from '@engineer-chat/adapters/llm'
import { createLog } from '@engineer-chat/adapters/log'
import { createOpenAiVoice } from '@engineer-chat/adapters/voice'
import type { LlmStreamPart } from '@engineer-chat/chat/models'
import { canCreateCertificates, createCertificate } from '@engineer-chat/local-stack'
import t, { type Test } from 'tap'
import { request } from 'undici'
import { toConnectionError } from '../../src/llm/llm-errors.ts'
import { createFrames, startFakeLlm } from '../llm/fake-llm.ts'
import { ANSWER } from '../llm/fake-llm-behaviours.ts'
import { createRequest } from '../llm/llm-request.ts'
import { startForwardProxy } from './forward-proxy.ts'

const neverAborted = new AbortController().signal
const ENCODED_PASSWORD = 'p%40ss:w0rd'
const withModelTestHost = (url: string): string => url.replace('127.0.0.1', 'model.test')
const joinTexts = (parts: LlmStreamPart[]) => parts.map((part) => (part.type === 'text' ? part.text : '')).join('')

async function startProvider(t: Test) {
  const fake = await startFakeLlm()
  t.teardown(() => fake.close())
  return { ...fake, url: withModelTestHost(fake.url) }
}

const createProxiedModel = (base_url: string, proxy: string, overrides: object = {}) =>
  createOpenAiLlm({ base_url, model: 'm', egress: { httpProxy: proxy, httpsProxy: proxy, ...overrides } })

async function catchFailure(call: Promise<unknown> | undefined): Promise<Error & { cause?: unknown }> {
  const error: unknown = await call?.catch((failure) => failure)
  if (error instanceof Error) return error
  throw new Error('the call did not fail')
}

t.test('[EGRESS3] a model at an http address is called through the proxy, with its password', async (t) => {
  const { url, requests } = await startProvider(t)
  const proxy = await startForwardProxy(t)
  const llm = createProxiedModel(url, `http://us%40er:${ENCODED_PASSWORD}@${proxy.host}`)
  for (const question of ['First', 'Second'])
    t.equal(joinTexts(await Array.fromAsync(llm.stream(createRequest(question), neverAborted))), ANSWER.join(''))
  t.same(proxy.calls, [`POST ${url}/chat/completions`, `POST ${url}/chat/completions`])
  const expected = `Basic ${Buffer.from('us@er:p@ss:w0rd').toString('base64')}`
  t.same(proxy.credentials, [expected, expected])
  t.equal(requests.length, 2)
})

t.test('[EGRESS3] a connection to the proxy is kept for the next call', async (t) => {
  const { url } = await startProvider(t)
  const proxy = await startForwardProxy(t)
  const dispatcher = createDispatcher(url, { httpProxy: proxy.host })
  for (let call = 0; call < 12; call++)
    await (await request(url, { dispatcher, method: 'POST', body: '{}' })).body.text()
  t.equal(proxy.calls.length, 12)
  t.ok(proxy.countConnections() <= 3, `${proxy.countConnections()} connections`)
})

const skip = canCreateCertificates() ? false : 'this test needs openssl'

t.test(
  '[EGRESS3] a model at an https address is called in a tunnel, in HTTP/1.1, and its certificate is checked',
  { skip },
  async (t) => {
    const certificate = await createCertificate('127.0.0.1', 'model.test')
    t.teardown(() => certificate.remove())
    const versions: string[] = []
    const options = { cert: certificate.pem, key: readFileSync(certificate.keyFile), ALPNProtocols: ['h2', 'http/1.1'] }
    const server = createServer(options, (request, response) => {
      versions.push(request.httpVersion)
      request.resume().on('end', () => response.end(createFrames({}).join('')))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as AddressInfo
    const url = `https://model.test:${port}/v1`
    const proxy = await startForwardProxy(t)
    const ask = () =>
      Array.fromAsync(
        createProxiedModel(url, `http://user:${ENCODED_PASSWORD}@${proxy.host}`).stream(
          createRequest('x'),
          neverAborted,
        ),
      )
    t.match(
      await catchFailure(ask()),
      { code: 'llm_unreachable', transient: true },
      'the certificate is not trusted yet',
    )
    const defaultCertificates = getCACertificates('default')
    setDefaultCACertificates([...defaultCertificates, certificate.pem])
    t.teardown(() => setDefaultCACertificates(defaultCertificates))
    t.equal(joinTexts(await ask()), ANSWER.join(''))
    t.same(new Set(proxy.calls), new Set([`CONNECT model.test:${port}`]))
    t.same(versions, ['1.1'])
  },
)

t.test('[EGRESS3] hosts of NO_PROXY are called without the proxy', async (t) => {
  const fake = await startFakeLlm()
  t.teardown(() => fake.close())
  const proxy = await startForwardProxy(t)
  const llm = createProxiedModel(fake.url, `http://${proxy.host}`)
  t.equal(
    joinTexts(await Array.fromAsync(llm.stream(createRequest('x'), neverAborted))),
    ANSWER.join(''),
    'this machine',
  )
  // 0.0.0.0 reaches this machine, but for findProxy it is no loopback address.
  const listedUrl = fake.url.replace('127.0.0.1', '0.0.0.0')
  const modelOfListedHost = createProxiedModel(listedUrl, `http://${proxy.host}`, {
    noProxy: 'soc.internal,0.0.0.0/8',
  })
  t.equal(joinTexts(await Array.fromAsync(modelOfListedHost.stream(createRequest('x'), neverAborted))), ANSWER.join(''))
  t.same(proxy.calls, [])
})

t.test('[EGRESS4] a refusal by the proxy is a transient failure that names neither host nor password', async (t) => {
  const { url } = await startProvider(t)
  const lines: string[] = []
  const log = createLog({ level: 'info', service: 'test', destination: { write: (line) => void lines.push(line) } })
  const messages: string[] = []
  for (const [endpoint, status, code, message] of [
    [url, 407, 'llm_unreachable', 'the proxy answered 407'],
    [url, 502, 'llm_unavailable', 'the endpoint answered 502'],
    [url, 504, 'llm_timeout', 'the endpoint answered 504'],
    ['https://model.test/v1', 407, 'llm_unreachable', 'the proxy answered 407'],
    ['https://model.test/v1', 403, 'llm_unreachable', 'the proxy answered 403'],
    ['https://model.test/v1', 502, 'llm_unreachable', 'the proxy answered 502'],
  ] as const) {
    const proxy = await startForwardProxy(t, { refusalStatus: status })
    const llm = createProxiedModel(endpoint, `http://user:${ENCODED_PASSWORD}@${proxy.host}`)
    const error = await catchFailure(Array.fromAsync(llm.stream(createRequest('x'), neverAborted)))
    t.match(error, { code, transient: true, message }, `${endpoint} ${status}`)
    log.error('EngineerChat.test', {}, error)
    messages.push(error.message)
  }
  const proxyGoneFailure = await catchFailure(
    Array.fromAsync(
      createProxiedModel(url, `http://user:${ENCODED_PASSWORD}@127.0.0.1:1`).stream(createRequest('x'), neverAborted),
    ),
  )
  t.match(proxyGoneFailure, { code: 'llm_unreachable', transient: true, message: /ECONNREFUSED/ })
  log.error('EngineerChat.test', {}, proxyGoneFailure)
  t.equal(lines.length, 7)
  t.notMatch([...lines, ...messages, proxyGoneFailure.message].join(' '), /127\.0\.0\.1|w0rd|user:|PROXY-TEXT|Basic/)
})

t.test(
  '[EGRESS4] if a proxy hangs, a caller can abort immediately, and opening the tunnel has a time limit',
  async (t) => {
    const proxy = await startForwardProxy(t, 'hang')
    const abortReason = new Error('gone')
    for (const endpoint of ['https://model.test/v1', 'http://model.test/v1']) {
      const caller = new AbortController()
      const nextCall = proxy.waitForCall()
      const asking = catchFailure(
        Array.fromAsync(createProxiedModel(endpoint, `http://${proxy.host}`).stream(createRequest('x'), caller.signal)),
      )
      await nextCall
      caller.abort(abortReason)
      t.equal(await asking, abortReason)
    }
    const dispatcher = createDispatcher('https://model.test', { httpProxy: proxy.host }, { connectTimeout: 200 })
    const tunnelFailure = await catchFailure(request('https://model.test', { dispatcher, signal: neverAborted }))
    t.match(toConnectionError(tunnelFailure, false), { code: 'llm_timeout', transient: true })
    const forwardingDispatcher = createDispatcher(
      'http://model.test',
      { httpProxy: proxy.host },
      { headersTimeout: 200 },
    )
    const forwardFailure = await catchFailure(
      request('http://model.test', { dispatcher: forwardingDispatcher, signal: neverAborted }),
    )
    t.match(
      forwardFailure,
      { code: 'UND_ERR_HEADERS_TIMEOUT' },
      'this system’s limit holds where the proxy forwards, too',
    )
  },
)

t.test('[EGRESS3] voice uses the same proxy', async (t) => {
  const refusingProxy = await startForwardProxy(t, { refusalStatus: 407 })
  const settings = { baseUrl: 'https://voice.test/v1', speechModel: 'tts-1', speechVoice: 'alloy', timeoutMs: 60_000 }
  const voice = createOpenAiVoice(settings, { httpsProxy: `http://user:${ENCODED_PASSWORD}@${refusingProxy.host}` })
  t.match(await catchFailure(voice.speech?.speak('x', undefined, neverAborted)), { code: 'voice_failed' })
  t.same(refusingProxy.calls, ['CONNECT voice.test:443'])
})
