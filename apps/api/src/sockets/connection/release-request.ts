import type { ServerResponse } from 'node:http'
import type { WebSocket } from '@fastify/websocket'
import type { FastifyRequest } from 'fastify'

/**
 * Removes the references that would keep the request in memory until the socket closes: the error listener of
 * @fastify/websocket, and Node's response, which would also count the socket's lifetime as the duration of a request.
 */
export function releaseRequest(socket: WebSocket, request: FastifyRequest, response: ServerResponse): void {
  response.detachSocket(request.raw.socket)
  socket.removeAllListeners('error')
  socket.on('error', ignoreError)
}

/** After a bad frame or a lost connection, `ws` closes the socket with the right code by itself. */
const ignoreError = () => undefined
