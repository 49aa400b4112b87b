import { findMisplacedOption } from './url-options.ts'

interface Node {
  host: string
  port: number
}

interface Login {
  username?: string
  password?: string
}

interface ServerList extends Login {
  nodes: Node[]
  /** TLS applies to all servers and Sentinels: those that the URL names, and those that another server announces. */
  tls: boolean
  /** These authorities, in PEM, are trusted instead of those that Node.js trusts. */
  ca?: string
}

/** Redis is one server, the primary that Sentinels name, or the nodes of a cluster. */
export type RedisAddress =
  | ({ topology: 'single'; db: number } & ServerList)
  | ({ topology: 'sentinel'; master: string; db: number; sentinel: Login } & ServerList)
  | ({ topology: 'cluster' } & ServerList)

/** Parses `REDIS_URL`. @throws RedisAddressError */
export function parseRedisAddress(url: string): RedisAddress {
  const [, scheme = '', kind, login = '', hosts = '', path = '', query = ''] =
    URL_PARTS.exec(url) ?? throwAddressError('is no URL')
  if (kind === undefined && hosts.includes(',')) throwAddressError(SEVERAL_HOSTS_PROBLEM)
  const serverList = {
    nodes: parseNodes(hosts, kind === 'sentinel' ? DEFAULT_SENTINEL_PORT : DEFAULT_PORT),
    tls: scheme === 'rediss',
    ...parseLogin(login),
  }
  const options = new URLSearchParams(query)
  if (kind === undefined) {
    checkOptions(options, [])
    const [, db = '0'] = /^\/?(\d{1,4})?$/.exec(path) ?? throwAddressError('does not name a database by its number')
    return { topology: 'single', db: Number(db), ...serverList }
  }
  if (kind === 'cluster') {
    if (!/^(\/0?)?$/.test(path)) throwAddressError('names a database, which a cluster does not have')
    checkOptions(options, [])
    return { topology: 'cluster', ...serverList }
  }
  checkOptions(options, ['sentinel_username', 'sentinel_password'])
  const [, master, db = '0'] =
    /^\/([^/]+)(?:\/(\d{1,4}))?$/.exec(path) ?? throwAddressError('does not name the primary after the hosts')
  const sentinel = removeEmpty({
    username: options.get('sentinel_username') ?? undefined,
    password: options.get('sentinel_password') ?? undefined,
  })
  return { topology: 'sentinel', master: decodePercents(master ?? ''), db: Number(db), sentinel, ...serverList }
}

/** The message continues the sentence "REDIS_URL …". It contains nothing of the URL: any part may be a password. */
export class RedisAddressError extends Error {}

const DEFAULT_PORT = 6_379
const DEFAULT_SENTINEL_PORT = 26_379
/** Matches `redis://host:6379/0` and `rediss+sentinel://user:password@host1,host2/primary/0?sentinel_password=…`. */
const URL_PARTS = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^/?#]*)@)?([^/?#@]+)(\/[^?#]*)?(?:\?([^#]*))?$/
const TLS_OPTION_PROBLEM = 'has an option for TLS, which is set by rediss:// or REDIS_TLS, and REDIS_CA_FILE'
const SEVERAL_HOSTS_PROBLEM = 'names no single server: several hosts need redis+sentinel:// or redis+cluster://'

/** Matches `host`, `host:6379`, `[::1]` and `[::1]:6379`. */
const NODE_PARTS = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/

function parseNodes(hosts: string, defaultPort: number): Node[] {
  return hosts.split(',').map((text, index) => {
    const [, bracketed, name, portText] = NODE_PARTS.exec(text) ?? []
    const host = bracketed ?? name
    const port = portText === undefined ? defaultPort : Number(portText)
    if (host === undefined || port < 1 || port > 65_535)
      return throwAddressError(`says no host or host:port in place ${index + 1}`)
    return { host, port }
  })
}

function parseLogin(text: string): Login {
  const [username = '', ...password] = text.split(':')
  return removeEmpty({ username: decodePercents(username), password: decodePercents(password.join(':')) })
}

const removeEmpty = ({ username, password }: Login): Login => ({
  ...(username && { username }),
  ...(password && { password }),
})

function decodePercents(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return throwAddressError('has a % that is not followed by two hexadecimal digits')
  }
}

function checkOptions(options: URLSearchParams, allowedNames: string[]): void {
  if ([...options.keys()].every((name) => allowedNames.includes(name))) return
  if (findMisplacedOption(options) === 'tls') throwAddressError(TLS_OPTION_PROBLEM)
  throwAddressError(allowedNames.length === 0 ? 'has options' : `has options other than ${allowedNames.join(' and ')}`)
}

function throwAddressError(problem: string): never {
  throw new RedisAddressError(problem)
}
