// This module is loaded before a process with `--import`. CHAOS_LINKS maps a server's port to the port
// of its link, and each connection to such a server goes to the link instead. This includes the servers whose addresses
// come from a Sentinel or from a cluster.
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
