import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Test } from 'tap'

/** Is one address that leads to a MySQL, as a virtual address or a proxy before a set of servers does. */
export interface Relay {
  port: number
  /** Leads new connections to this port, and closes those to the server before. */
  lead(port: number): void
  /** Holds each packet back for so long from now on, as a slow disk does. */
  delay(ms: number): void
}

export async function openRelay(t: Test, firstPort: number): Promise<Relay> {
  const sockets = new Set<Socket>()
  let [targetPort, delayMs] = [firstPort, 0]
  const forward = async (from: Socket, to: Socket) => {
    for await (const chunk of from) {
      if (delayMs > 0) await wait(delayMs)
      if (!to.write(chunk)) await once(to, 'drain')
    }
  }
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: targetPort, host: '127.0.0.1', noDelay: true })
    const close = () => {
      for (const socket of [client, upstream]) {
        sockets.delete(socket)
        socket.destroy()
      }
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', close)
      socket.on('close', close)
    }
    forward(client, upstream).catch(close)
    forward(upstream, client).catch(close)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const address = server.address()
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    lead(port) {
      targetPort = port
      for (const socket of sockets) socket.destroy()
    },
    delay(ms) {
      delayMs = ms
    },
  }
}

export function toPort(url: string, port: number): string {
  const changed = new URL(url)
  changed.port = String(port)
  return changed.href
}

export const readPort = (url: string): number => Number(new URL(url).port)
