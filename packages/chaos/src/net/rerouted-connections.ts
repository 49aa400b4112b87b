// A process of the product loads this module first, by `--import`. CHAOS_LINKS maps the port of a server to the port of
// its link. The module opens each connection to such a port through the link, also if a Sentinel or a node of a cluster
// gave the address.
import { Socket } from 'node:net'

const linkPortByServerPort: Record<string, number> = JSON.parse(process.env.CHAOS_LINKS ?? '{}')

Socket.prototype.connect = new Proxy(Socket.prototype.connect, {
  apply(connect, socket, args) {
    // `net.connect` passes its arguments as one list.
    const [options, ...otherArgs] = Array.isArray(args[0]) ? args[0] : args
    const linkPort = linkPortByServerPort[options?.port ?? '']
    return Reflect.apply(
      connect,
      socket,
      linkPort === undefined ? args : [{ ...options, port: linkPort }, ...otherArgs],
    )
  },
})
