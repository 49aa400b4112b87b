import { Agent, type Dispatcher, Pool, ProxyAgent } from 'undici'
import { type EgressSettings, findProxy } from './find-proxy.ts'

const CONNECT_TIMEOUT_MS = 10_000
/** The certificates of endpoints and proxies are verified, even if NODE_TLS_REJECT_UNAUTHORIZED is 0. */
const TLS_OPTIONS = { rejectUnauthorized: true }

/** Holds undici's time limits, in milliseconds; 0 sets no limit. */
export interface ConnectionTimeouts {
  /** A connection must be established within this time, and so must a proxy's tunnel. */
  connectTimeout?: number
  headersTimeout?: number
  bodyTimeout?: number
}

/**
 * Creates the connections for calls to this URL, through a proxy if the settings name one for it. Every HTTP call of a
 * process to another system uses such a dispatcher.
 */
export function createDispatcher(url: string, settings: EgressSettings, timeouts: ConnectionTimeouts = {}): Dispatcher {
  const { connectTimeout = CONNECT_TIMEOUT_MS, ...answerTimeouts } = timeouts
  const proxy = findProxy(url, settings)
  // In HTTP/1.1 a connection carries one answer at a time, so a lost connection ends only one answer.
  const options = { ...answerTimeouts, allowH2: false }
  if (proxy === undefined) return new Agent({ ...options, connect: { ...TLS_OPTIONS, timeout: connectTimeout } })
  const credentials = toCredentials(proxy)
  return new ProxyAgent({
    ...options,
    uri: proxy.origin,
    ...(credentials !== undefined && { token: credentials }),
    connectTimeout,
    proxyTls: { ...TLS_OPTIONS, allowH2: false },
    requestTls: TLS_OPTIONS,
    // By default a ProxyAgent ignores our timeouts for calls that it forwards, and waits five minutes for a tunnel.
    factory: (origin, poolOptions) => new Pool(origin, { ...poolOptions, ...options }),
    clientFactory: (origin, poolOptions) =>
      new Pool(origin, { ...poolOptions, allowH2: false, headersTimeout: connectTimeout }),
  })
}

/** Returns the value of the `Proxy-Authorization` header for the user and the password in the proxy's URL. */
function toCredentials({ username, password }: URL): string | undefined {
  if (username === '') return undefined
  return `Basic ${Buffer.from(`${decodePercents(username)}:${decodePercents(password)}`, 'latin1').toString('base64')}`
}

/** Decodes each byte separately, because a URL may hold bytes that are no UTF-8 or a percent sign without digits. */
const decodePercents = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)))
