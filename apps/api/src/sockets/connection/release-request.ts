import type { ServerResponse } from 'node:http'
import type { WebSocket } from '@fastify/websocket'
import type { FastifyRequest } from 'fastify'

/**
 * A socket lives for hours. @fastify/websocket leaves on it a listener for errors and Node's response, which together keep
 * the request, its reply and the hooks of both, and would count the socket's whole life as the time of a request.
 */
export function releaseRequest(socket: WebSocket, request: FastifyRequest, response: ServerResponse): void {
  response.detachSocket(request.raw.socket)
  socket.removeAllListeners('error')
  socket.on('error', ignored)
}

/** A client's bad frame or a cut line: `ws` closes the socket with the right code by itself. */
const ignored = () => undefined
