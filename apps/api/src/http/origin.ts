import type { FastifyRequest } from 'fastify'

/** A browser says which page a request comes from: it must be one of ours. Without the header there is no browser. */
export function isOriginAllowed(request: FastifyRequest, allowed: readonly string[]): boolean {
  const { origin } = request.headers
  if (origin === undefined || allowed.includes(origin)) return true
  return URL.canParse(origin) && new URL(origin).host === request.host
}
