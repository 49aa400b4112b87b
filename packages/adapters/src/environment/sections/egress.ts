import { createSection, optional, TextValue } from '../variable-types.ts'

// These variables name the proxy for outgoing calls. Other software reads them, too, also by their lower-case names.

/** Matches `proxy:3128`, `http://proxy:3128` and `https://user:password@[::1]:3128/`, but no path and no query. */
const PROXY_ADDRESS = String.raw`^(https?://)?([^\s/?#@]+@)?(\[[0-9a-fA-F:.]+\]|[^\s/?#@:\[\]]+)(:\d{1,5})?/?$`
const EXPECTED = 'a URL that begins with http:// or https:// and holds nothing after the port'

export const egressSection = createSection('Proxy for outgoing calls', {
  httpProxy: optional(
    TextValue('HTTP_PROXY', {
      description:
        'Calls to models, to the voice endpoint and to the collector of traces by plain http go through this proxy, also those by https if `HTTPS_PROXY` is not set. The URL may hold a user and a password. `http_proxy` is read, too, and wins. Loopback addresses (127.0.0.0/8, ::1, localhost) are called without a proxy.',
      expected: EXPECTED,
      pattern: PROXY_ADDRESS,
      example: 'http://proxy.soc.internal:3128',
      secret: true,
    }),
    'http_proxy',
  ),
  httpsProxy: optional(
    TextValue('HTTPS_PROXY', {
      description:
        'Calls by https go through this proxy, in a tunnel (`CONNECT`). `https_proxy` is read, too, and wins.',
      expected: EXPECTED,
      pattern: PROXY_ADDRESS,
      example: 'http://proxy.soc.internal:3128',
      secret: true,
    }),
    'https_proxy',
  ),
  noProxy: optional(
    TextValue('NO_PROXY', {
      description:
        'These hosts are called without a proxy, separated by commas: a host with all hosts below it (`soc.internal`), only the hosts below it (`*.soc.internal`), an IP address, a block of IP addresses (`10.0.0.0/8`), each also with a port (`host:8000`), or `*` for all hosts. `no_proxy` is read, too, and wins.',
      expected: 'hosts, separated by commas',
      example: 'soc.internal,10.0.0.0/8',
    }),
    'no_proxy',
  ),
})
