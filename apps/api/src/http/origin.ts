import type { FastifyRequest } from 'fastify'

/** A browser's `Origin` header must name one of our pages. A request without the header comes from another client. */
export function isOriginAllowed(request: FastifyRequest, allowed: readonly string[]): boolean {
  const { origin } = request.headers
  if (origin === undefined || allowed.includes(origin)) return true
  return URL.canParse(origin) && new URL(origin).host === request.host
}
