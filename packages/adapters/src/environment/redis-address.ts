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
  /** TLS applies to servers and to Sentinels, whether the address names them or another server announces them. */
  tls: boolean
  /** These authorities, in PEM, are trusted instead of those that Node trusts. */
  ca?: string
}

/** Redis is one server, one that Sentinels name, or the slots of a cluster. */
export type RedisAddress =
  | ({ form: 'single'; db: number } & ServerList)
  | ({ form: 'sentinel'; master: string; db: number; sentinel: Login } & ServerList)
  | ({ form: 'cluster' } & ServerList)

/** Parses `REDIS_URL`. @throws RedisAddressError */
export function parseRedisAddress(url: string): RedisAddress {
  const [, scheme = '', kind, login = '', hosts = '', path = '', query = ''] =
    URL_PARTS.exec(url) ?? throwAddressError('is no URL')
  if (kind === undefined && hosts.includes(',')) throwAddressError(NOT_SINGLE)
  const serverList = {
    nodes: parseNodes(hosts, kind === 'sentinel' ? 26_379 : 6_379),
    tls: scheme === 'rediss',
    ...parseLogin(login),
  }
  const options = new URLSearchParams(query)
  if (kind === undefined) {
    checkOptions(options, [])
    const [, db = '0'] = /^\/?(\d{1,4})?$/.exec(path) ?? throwAddressError('does not name a database by its number')
    return { form: 'single', db: Number(db), ...serverList }
  }
  if (kind === 'cluster') {
    if (!/^(\/0?)?$/.test(path)) throwAddressError('names a database, which a cluster does not have')
    checkOptions(options, [])
    return { form: 'cluster', ...serverList }
  }
  checkOptions(options, ['sentinel_username', 'sentinel_password'])
  const [, master, db = '0'] =
    /^\/([^/]+)(?:\/(\d{1,4}))?$/.exec(path) ?? throwAddressError('does not name the primary after the hosts')
  const sentinel = removeEmpty({
    username: options.get('sentinel_username') ?? undefined,
    password: options.get('sentinel_password') ?? undefined,
  })
  return { form: 'sentinel', master: decode(master ?? ''), db: Number(db), sentinel, ...serverList }
}

/** Its message ends the sentence "REDIS_URL …" and contains nothing of the URL, because any part may be a password. */
export class RedisAddressError extends Error {}

const URL_PARTS = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^/?#]*)@)?([^/?#@]+)(\/[^?#]*)?(?:\?([^#]*))?$/
const TLS_OPTION = 'has an option for TLS, which is set by rediss:// or REDIS_TLS, and REDIS_CA_FILE'
const NOT_SINGLE = 'names no single server: several hosts need redis+sentinel:// or redis+cluster://'

function parseNodes(hosts: string, port: number): Node[] {
  return hosts.split(',').map((text, index) => {
    const [, bracketed, name, givenPort] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? []
    const host = bracketed ?? name
    const portNumber = givenPort === undefined ? port : Number(givenPort)
    if (host === undefined || portNumber < 1 || portNumber > 65_535)
      return throwAddressError(`says no host or host:port in place ${index + 1}`)
    return { host, port: portNumber }
  })
}

function parseLogin(text: string): Login {
  const [username = '', ...password] = text.split(':')
  return removeEmpty({ username: decode(username), password: decode(password.join(':')) })
}

const removeEmpty = ({ username, password }: Login): Login => ({
  ...(username && { username }),
  ...(password && { password }),
})

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return throwAddressError('has a % that is not followed by two hexadecimal digits')
  }
}

function checkOptions(options: URLSearchParams, names: string[]): void {
  const isKnown = [...options.keys()].every((name) => names.includes(name))
  if (!isKnown && findMisplacedOption(options) === 'tls') throwAddressError(TLS_OPTION)
  if (!isKnown) throwAddressError(names.length === 0 ? 'has options' : `has options other than ${names.join(' and ')}`)
}

function throwAddressError(problem: string): never {
  throw new RedisAddressError(problem)
}
