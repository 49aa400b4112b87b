import type { WebSocket } from '@fastify/websocket'

/** Says why, and doesn't wait for ever for the other side to agree. */
export function closeSocket(socket: WebSocket, code: number, reason: string, grace_ms: number): void {
  socket.close(code, reason)
  const timer = setTimeout(() => socket.terminate(), grace_ms)
  socket.on('close', () => clearTimeout(timer))
}
