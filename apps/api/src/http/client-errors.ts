import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { ChatError, createId } from '@engineer-chat/chat/shared'
import type { ConnectionError } from 'fastify'
import { toProblem } from './problems.ts'

const STATUS_BY_ERROR_CODE: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }

/**
 * Responds with a problem document to a request that reaches no route, because it is not valid HTTP, its headers are
 * too long, or it does not end in time. Then it closes the connection.
 */
export function respondToClientError(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status = STATUS_BY_ERROR_CODE[error.code] ?? 400
  const refusal = new ChatError('validation_failed', 'The request is not valid HTTP, too long, or too slow.')
  const problem = JSON.stringify({ ...toProblem(refusal, createId()), status })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(problem)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${problem}`)
}
