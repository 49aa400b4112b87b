import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { createDispatcher, type EgressSettings } from '@engineer-chat/adapters/egress'
import { createOpenAiLlm } from '@engineer-chat/adapters/llm'
import { type Certificate, canCreateCertificates, createCertificate } from '@engineer-chat/local-stack'
import t, { type Test } from 'tap'
import { request } from 'undici'
import { createRequest } from '../llm/llm-request.ts'
import { startForwardProxy } from './forward-proxy.ts'

const skip = canCreateCertificates() ? false : 'this test needs openssl'

/** Turns off Node.js' default check of certificates until the test's end. */
function acceptAllByDefault(t: Test) {
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  t.teardown(() => {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
  })
}

/** Makes this process trust the certificate, as an operator does with NODE_EXTRA_CA_CERTS. */
function trust(t: Test, { pem }: Certificate) {
  const certificates = getCACertificates('default')
  setDefaultCACertificates([...certificates, pem])
  t.teardown(() => setDefaultCACertificates(certificates))
}

/** Starts an https server with a certificate that no authority signed. As a proxy it opens tunnels to this machine. */
async function startSelfSigned(t: Test) {
  const certificate = await createCertificate('127.0.0.1', 'model.test')
  const received: string[] = []
  const server = createServer({ cert: certificate.pem, key: readFileSync(certificate.keyFile) })
  server.on('request', (incoming, response) => {
    received.push(`${incoming.method} ${incoming.headers.authorization ?? ''}`)
    incoming.resume().on('end', () => response.end('answer'))
  })
  server.on('connect', (incoming, socket) => {
    received.push(`${incoming.method} ${incoming.headers['proxy-authorization'] ?? ''}`)
    const endpoint = connect(Number(incoming.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      socket.pipe(endpoint).pipe(socket)
    })
    for (const side of [socket, endpoint]) {
      side.on('error', () => {})
      side.on('close', () => (side === socket ? endpoint : socket).destroy())
      t.teardown(() => side.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
    certificate.remove()
  })
  return { certificate, received, port: (server.address() as AddressInfo).port }
}

/** Calls the URL once, and returns the answer or the code of the failure. */
async function call(t: Test, url: string, settings: EgressSettings): Promise<string> {
  const dispatcher = createDispatcher(url, settings)
  t.teardown(() => dispatcher.destroy())
  const headers = { authorization: 'Bearer key' }
  return request(url, { dispatcher, method: 'POST', headers, body: '{}' }).then(
    ({ body }) => body.text(),
    (error) => error.code,
  )
}

t.test(
  '[TLS5] no endpoint whose certificate is not trusted gets a request, whatever Node’s default is',
  {
    skip,
  },
  async (t) => {
    acceptAllByDefault(t)
    const { certificate, received, port } = await startSelfSigned(t)
    const proxy = await startForwardProxy(t)
    const [direct, tunnelled] = [`https://127.0.0.1:${port}/v1`, `https://model.test:${port}/v1`]
    const settings = { httpProxy: proxy.host }

    for (const url of [direct, tunnelled]) t.equal(await call(t, url, settings), 'DEPTH_ZERO_SELF_SIGNED_CERT', url)
    const llm = createOpenAiLlm({ base_url: direct, model: 'm', api_key: 'key', egress: settings })
    const asking = Array.fromAsync(llm.stream(createRequest('x'), new AbortController().signal))
    await t.rejects(asking, { code: 'llm_unreachable' })
    t.same(received, [])

    trust(t, certificate)
    for (const url of [direct, tunnelled]) t.equal(await call(t, url, settings), 'answer', url)
    t.same(received, ['POST Bearer key', 'POST Bearer key'])
  },
)

t.test(
  '[TLS5] no endpoint whose certificate is for another host gets a request, whatever Node’s default is',
  {
    skip,
  },
  async (t) => {
    acceptAllByDefault(t)
    const { certificate, received, port } = await startSelfSigned(t)
    trust(t, certificate)
    const proxy = await startForwardProxy(t)
    for (const host of ['localhost', 'other.test'])
      t.equal(await call(t, `https://${host}:${port}`, { httpProxy: proxy.host }), 'ERR_TLS_CERT_ALTNAME_INVALID', host)
    t.same(received, [])
  },
)

t.test(
  '[TLS5] no proxy whose certificate is not trusted gets a request or its password, whatever Node’s default is',
  {
    skip,
  },
  async (t) => {
    acceptAllByDefault(t)
    const proxy = await startSelfSigned(t)
    const endpoint = await startSelfSigned(t)
    const settings = { httpProxy: `https://user:password@127.0.0.1:${proxy.port}` }
    const urls = [`https://model.test:${endpoint.port}`, `http://model.test:${endpoint.port}`]
    for (const url of urls) t.equal(await call(t, url, settings), 'DEPTH_ZERO_SELF_SIGNED_CERT', url)
    t.same(proxy.received, [])

    trust(t, proxy.certificate)
    trust(t, endpoint.certificate)
    for (const url of urls) t.equal(await call(t, url, settings), 'answer', url)
    const credentials = `Basic ${Buffer.from('user:password').toString('base64')}`
    t.same(proxy.received, [`CONNECT ${credentials}`, 'POST Bearer key'])
    t.same(endpoint.received, ['POST Bearer key'])
  },
)
