// Is loaded before a process with `--import`. Connections to a port of CHAOS_LINKS go through the link of that port, also
// those to servers that name their own addresses, as Sentinels and clusters do.
import { Socket } from 'node:net'

const links: Record<string, number> = JSON.parse(process.env.CHAOS_LINKS ?? '{}')

Socket.prototype.connect = new Proxy(Socket.prototype.connect, {
  apply(connect, socket, args) {
    // `net.connect` passes its arguments as one list.
    const [to, ...rest] = Array.isArray(args[0]) ? args[0] : args
    const port = links[to?.port ?? '']
    return Reflect.apply(connect, socket, port === undefined ? args : [{ ...to, port }, ...rest])
  },
})
