import type { FastifyRequest } from 'fastify'

/**
 * Returns true if the `Origin` header names an allowed origin or this server. Returns true also if the header is
 * missing, because then the client is no browser, or the request comes from a page of this server.
 */
export function isOriginAllowed(request: FastifyRequest, allowed: readonly string[]): boolean {
  const { origin } = request.headers
  if (origin === undefined || allowed.includes(origin)) return true
  return URL.canParse(origin) && new URL(origin).host === request.host
}
