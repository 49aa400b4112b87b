import { BlockList, isIP } from 'node:net'

/** This part of the configuration names the proxies for calls that leave the network. */
export interface EgressSettings {
  httpProxy?: string | undefined
  httpsProxy?: string | undefined
  noProxy?: string | undefined
}

const DEFAULT_PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 }

/**
 * Finds the proxy for calls to this URL, by the rules of undici's `EnvHttpProxyAgent`: without `HTTPS_PROXY`, calls by
 * https use `HTTP_PROXY`. As in Go, loopback addresses are always called without a proxy, and `NO_PROXY` may contain
 * blocks of addresses.
 */
export function findProxy(url: string, settings: EgressSettings): URL | undefined {
  const { protocol, hostname, port } = new URL(url)
  const proxy = protocol === 'https:' ? settings.httpsProxy || settings.httpProxy : settings.httpProxy
  if (!proxy) return undefined
  const host = normalizeHost(hostname)
  const target = { host, port: Number(port) || (DEFAULT_PORTS[protocol] ?? 0) }
  if (isLoopback(host) || parseNoProxy(settings.noProxy).some((entry) => isCoveredBy(target, entry))) return undefined
  return new URL(proxy.includes('://') ? proxy : `http://${proxy}`)
}

interface Target {
  host: string
  port: number
}

interface NoProxyEntry {
  /** Holds a host, a block of addresses, or `*` for every host. */
  host: string
  /** 0 means every port. */
  port: number
  /** Is true for `*.example.com`, which means the hosts below the domain and not the domain itself. */
  isSubdomainsOnly: boolean
}

const parseNoProxy = (noProxy = ''): NoProxyEntry[] =>
  noProxy
    .split(/[,\s]+/)
    .filter((text) => text !== '')
    .map(parseNoProxyEntry)

/** Matches `host`, `host:8000`, `[::1]` and `[::1]:8000`. */
const ENTRY_PARTS = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/

function parseNoProxyEntry(text: string): NoProxyEntry {
  const [, bracketed, name, port] = ENTRY_PARTS.exec(text) ?? []
  const host = bracketed ?? name ?? text // An IPv6 address without brackets does not match the pattern.
  return {
    host: host === '*' ? host : normalizeHost(host.replace(/^\*?\./, '')),
    port: Number(port ?? 0),
    isSubdomainsOnly: host.startsWith('*'),
  }
}

/** Removes the brackets of an IPv6 address and the dot at the end of a full name, and writes it in lower case. */
const normalizeHost = (host: string): string =>
  host
    .replace(/^\[(.+)\]$/, '$1')
    .replace(/^(.+)\.$/, '$1')
    .toLowerCase()

function isCoveredBy(target: Target, { host, port, isSubdomainsOnly }: NoProxyEntry): boolean {
  if (port !== 0 && port !== target.port) return false
  if (host === '*') return true
  if (!isSubdomainsOnly && host === target.host) return true
  return target.host.endsWith(`.${host}`) || isInBlock(target.host, host)
}

/** Returns true if an address is in a block like `10.0.0.0/8`. */
function isInBlock(address: string, block: string): boolean {
  const [network = '', bits = ''] = block.split('/')
  const version = isIP(network)
  if (version === 0 || isIP(address) !== version || !/^\d{1,3}$/.test(bits)) return false
  if (Number(bits) > (version === 4 ? 32 : 128)) return false
  const blockList = new BlockList()
  blockList.addSubnet(network, Number(bits), version === 4 ? 'ipv4' : 'ipv6')
  return blockList.check(address, version === 4 ? 'ipv4' : 'ipv6')
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || host === '::1' || isInBlock(host, '127.0.0.0/8')
