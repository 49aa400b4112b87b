import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'

/**
 * Listens on one address and forwards to a MySQL server, as a virtual address or a proxy in front of several servers
 * does.
 */
export interface Relay {
  port: number
  /** Closes all connections, and forwards new ones to this port. */
  switchTo(port: number): void
  /** Delays each packet in both directions by this time from now on, so that MySQL seems to have a slow disk. */
  delayPackets(newDelayMs: number): void
}

export async function openRelay(t: Test, firstPort: number): Promise<Relay> {
  const sockets = new Set<Socket>()
  let targetPort = firstPort
  let delayMs = 0
  const forward = async (source: Socket, destination: Socket) => {
    for await (const chunk of source) {
      if (delayMs > 0) await sleep(delayMs)
      if (!destination.write(chunk)) await once(destination, 'drain')
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
    switchTo(port) {
      targetPort = port
      for (const socket of sockets) socket.destroy()
    },
    delayPackets(newDelayMs) {
      delayMs = newDelayMs
    },
  }
}

export function replacePort(url: string, port: number): string {
  const changed = new URL(url)
  changed.port = String(port)
  return changed.href
}

export const readPort = (url: string): number => Number(new URL(url).port)
