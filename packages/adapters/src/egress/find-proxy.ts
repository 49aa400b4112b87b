import { BlockList, isIP } from 'node:net'

/** This part of the configuration says through which proxy calls leave the network. */
export interface EgressSettings {
  httpProxy?: string | undefined
  httpsProxy?: string | undefined
  noProxy?: string | undefined
}

const DEFAULT_PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 }

/**
 * Finds the proxy for calls to this URL. The variables mean what they mean to undici's `EnvHttpProxyAgent`: without
 * `HTTPS_PROXY`, calls by https use `HTTP_PROXY`. As in Go, a proxy is never asked for this machine's own addresses,
 * and `NO_PROXY` also takes blocks of addresses.
 */
export function findProxy(url: string, settings: EgressSettings): URL | undefined {
  const { protocol, hostname, port } = new URL(url)
  const proxy = protocol === 'https:' ? settings.httpsProxy || settings.httpProxy : settings.httpProxy
  if (!proxy) return undefined
  const host = removeDecoration(hostname)
  const target = { host, port: Number(port) || (DEFAULT_PORTS[protocol] ?? 0) }
  if (isThisMachine(host) || splitEntries(settings.noProxy).some((entry) => isNamedBy(entry, target))) return undefined
  return new URL(proxy.includes('://') ? proxy : `http://${proxy}`)
}

interface Target {
  host: string
  port: number
}

interface Entry extends Target {
  /** `*.example.com` names hosts below the domain, and not the domain itself. */
  isBelow: boolean
}

const splitEntries = (noProxy = ''): Entry[] =>
  noProxy
    .split(/[,\s]+/)
    .filter((text) => text !== '')
    .map(parseEntry)

function parseEntry(text: string): Entry {
  const [, bracketed, name, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(text) ?? []
  const host = bracketed ?? name ?? text // An address of IPv6 needs its brackets only before a port.
  return {
    host: host === '*' ? host : removeDecoration(host.replace(/^\*?\./, '')),
    port: Number(port ?? 0),
    isBelow: host.startsWith('*'),
  }
}

/** Removes the brackets of an IPv6 address and the dot that ends a full name. */
const removeDecoration = (host: string): string =>
  host
    .replace(/^\[(.+)\]$/, '$1')
    .replace(/^(.+)\.$/, '$1')
    .toLowerCase()

function isNamedBy({ host, port, isBelow }: Entry, target: Target): boolean {
  if (port !== 0 && port !== target.port) return false
  if (host === '*') return true
  if (!isBelow && host === target.host) return true
  return target.host.endsWith(`.${host}`) || isInBlock(target.host, host)
}

/** Returns true if an address is in a block like `10.0.0.0/8`. */
function isInBlock(address: string, block: string): boolean {
  const [network = '', bits = ''] = block.split('/')
  const version = isIP(network)
  if (version === 0 || isIP(address) !== version || !/^\d{1,3}$/.test(bits)) return false
  if (Number(bits) > (version === 4 ? 32 : 128)) return false
  const list = new BlockList()
  list.addSubnet(network, Number(bits), version === 4 ? 'ipv4' : 'ipv6')
  return list.check(address, version === 4 ? 'ipv4' : 'ipv6')
}

const isThisMachine = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || host === '::1' || isInBlock(host, '127.0.0.0/8')
