// Loaded before a process with `--import`: what it opens to a port of this list goes by a link of its own. Servers that name
// their own addresses, as Sentinels and clusters do, are reached by it, too.
import { Socket } from 'node:net'

const links: Record<string, number> = JSON.parse(process.env.CHAOS_LINKS ?? '{}')
const straight = Socket.prototype.connect as (...given: unknown[]) => Socket

Socket.prototype.connect = function (this: Socket, ...given: unknown[]): Socket {
  // `net.connect` hands over its arguments as one list.
  const [to, ...rest] = Array.isArray(given[0]) ? given[0] : given
  const port = links[to?.port ?? '']
  return port === undefined ? straight.apply(this, given) : straight.call(this, { ...to, port }, ...rest)
} as Socket['connect']
