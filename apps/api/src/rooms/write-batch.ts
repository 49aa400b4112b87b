import type { Socket } from 'node:net'

/**
 * All that one tick has for a socket leaves in one write: with a thousand sockets in a room it is the number of writes
 * that costs, not what is in them.
 */
export interface WriteBatch {
  write(socket: Socket, frame: Buffer): void
}

export function writeBatch(): WriteBatch {
  let corked = new Set<Socket>()
  const uncork = () => {
    const sockets = corked
    corked = new Set()
    for (const socket of sockets) socket.uncork()
  }
  return {
    write(socket, frame) {
      if (!corked.has(socket)) {
        if (corked.size === 0) setImmediate(uncork)
        corked.add(socket)
        socket.cork()
      }
      socket.write(frame)
    },
  }
}
