import type { WebSocket } from '@fastify/websocket'

/** Closes with a code and a reason, and destroys the socket if the other side has not closed it after `graceMs`. */
export function closeSocket(socket: WebSocket, code: number, reason: string, graceMs: number): void {
  socket.close(code, reason)
  const timer = setTimeout(() => socket.terminate(), graceMs)
  socket.on('close', () => clearTimeout(timer))
}
