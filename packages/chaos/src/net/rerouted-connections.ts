// This module is loaded before a process with `--import`. It sends connections to a port of CHAOS_LINKS through the link
// of that port. This also reaches servers whose addresses come from a Sentinel or from a cluster.
import { Socket } from 'node:net'

const links: Record<string, number> = JSON.parse(process.env.CHAOS_LINKS ?? '{}')

Socket.prototype.connect = new Proxy(Socket.prototype.connect, {
  apply(connect, socket, args) {
    // `net.connect` passes its arguments as one list.
    const [options, ...otherArgs] = Array.isArray(args[0]) ? args[0] : args
    const port = links[options?.port ?? '']
    return Reflect.apply(connect, socket, port === undefined ? args : [{ ...options, port }, ...otherArgs])
  },
})
