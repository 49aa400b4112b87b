import { findProxy } from '@engineer-chat/adapters/egress'
import { createSeededRandom } from '@engineer-chat/chat/testing'
import t from 'tap'
import { Dispatcher, EnvHttpProxyAgent } from 'undici'

const PROXY = 'http://web.proxy:3128'
const isProxied = (url: string, noProxy: string): boolean =>
  findProxy(url, { httpProxy: PROXY, httpsProxy: PROXY, noProxy }) !== undefined

t.test('[EGRESS1] calls by https use HTTPS_PROXY, or HTTP_PROXY if it is not set', async (t) => {
  const bothProxies = { httpProxy: 'http://a.proxy:3128', httpsProxy: 'https://u:p@b.proxy:8443' }
  t.equal(findProxy('http://model.test/v1', bothProxies)?.host, 'a.proxy:3128')
  t.equal(findProxy('https://model.test/v1', bothProxies)?.host, 'b.proxy:8443')
  t.equal(findProxy('https://model.test/v1', { httpProxy: bothProxies.httpProxy })?.host, 'a.proxy:3128')
  t.equal(findProxy('http://model.test/v1', { httpsProxy: bothProxies.httpsProxy }), undefined)
  t.equal(findProxy('https://model.test/v1', {}), undefined)
  t.equal(
    findProxy('http://model.test/v1', { httpProxy: 'a.proxy:3128' })?.href,
    'http://a.proxy:3128/',
    'the scheme may be missing, as in curl',
  )
})

t.test('[EGRESS2] NO_PROXY names hosts, domains, ports and blocks of addresses', async (t) => {
  for (const [url, noProxy, expected] of [
    ['http://vllm.soc.internal:8000/v1', 'soc.internal', false],
    ['http://soc.internal/v1', 'soc.internal', false],
    ['http://soc.internal/v1', '.soc.internal', false],
    ['http://soc.internal/v1', '*.soc.internal', true],
    ['http://vllm.SOC.internal./v1', 'other, *.soc.Internal.', false],
    ['http://notsoc.internal/v1', 'soc.internal', true],
    ['http://vllm.soc.internal:8000/v1', 'soc.internal:8000', false],
    ['http://vllm.soc.internal:8001/v1', 'soc.internal:8000', true],
    ['https://vllm.soc.internal/v1', 'soc.internal:443', false],
    ['https://model.test/v1', 'a.test *', false],
    ['https://model.test/v1', '', true],
    ['http://10.1.2.3:8000/v1', '10.0.0.0/8', false],
    ['http://11.1.2.3:8000/v1', '10.0.0.0/8', true],
    ['http://10.1.2.3:8000/v1', '10.0.0.0/8:8000,10.0.0.0/x,10.0.0.0/33', false],
    ['http://[fd00::7]:8000/v1', 'fd00::/8', false],
    ['http://[fd00::7]:8000/v1', '[fd00::7]:8000', false],
    ['http://[fd00::7]:8000/v1', 'fd00::7', false],
    ['http://ten.test/v1', '10.0.0.0/8', true], // Names are not resolved.
  ] as const) {
    t.equal(isProxied(url, noProxy), expected, `${url}, NO_PROXY=${noProxy}`)
  }
})

t.test('[EGRESS2] a request to this machine never uses a proxy', async (t) => {
  for (const host of ['localhost', 'api.localhost', 'LOCALHOST.', '127.0.0.1', '127.8.9.1', '[::1]'])
    t.notOk(isProxied(`http://${host}:11434/v1`, ''), host)
  t.ok(isProxied('http://localhost.example/v1', ''))
})

t.test('[EGRESS2] the rules are those of undici’s EnvHttpProxyAgent', async (t) => {
  const random = createSeededRandom(8)
  const names = ['a.test', 'b.a.test', 'xa.test', 'c.b.a.test', 'test', 'a.test.']
  const hosts = [...names, '[fd00::7]', '10.1.2.3', 'B.A.test']
  const entries = [
    ...hosts.filter((host) => !host.startsWith('[')),
    ...names.flatMap((name) => [`.${name}`, `*.${name}`]),
  ]
  for (let round = 0; round < 800; round++) {
    const url = `${random.pick(['http', 'https'])}://${random.pick(hosts)}${random.pick(['', ':80', ':443', ':8000'])}`
    const noProxyEntries = Array.from({ length: Math.floor(random.next() * 3) }, () => {
      const entry = random.pick([...entries, '*', '[fd00::7]', 'fd00::7'])
      return entry === 'fd00::7' ? entry : `${entry}${random.pick(['', '', ':80', ':443', ':8000'])}`
    })
    const noProxy = noProxyEntries.join(random.pick([',', ' ', ', ']))
    const expected = usesProxyInUndici(url, noProxy)
    if (isProxied(url, noProxy) !== expected) t.equal(isProxied(url, noProxy), expected, `${url}, NO_PROXY=${noProxy}`)
  }
  t.pass('800 lists')
})

class SilentDispatcher extends Dispatcher {
  override dispatch() {
    return true
  }
}

/** Finds out whether undici would call a proxy. It makes no call. */
function usesProxyInUndici(url: string, noProxy: string): boolean {
  let usesProxy = false
  const agent = new EnvHttpProxyAgent({
    httpProxy: PROXY,
    httpsProxy: PROXY,
    noProxy,
    proxyTunnel: true,
    factory: (_origin, options) => {
      // undici passes its own `connect` only for a call through a proxy.
      usesProxy = 'connect' in options && typeof options.connect === 'function'
      return new SilentDispatcher()
    },
  })
  agent.dispatch({ origin: url, path: '/', method: 'GET' }, { onResponseError: () => {} })
  return usesProxy
}
