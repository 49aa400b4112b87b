import helmet from '@fastify/helmet'
import type { Api } from '../deps.ts'

const HSTS = 'max-age=31536000; includeSubDomains'

const DIRECTIVES = {
  'default-src': ["'self'"],
  'base-uri': ["'self'"],
  'connect-src': ["'self'"],
  'font-src': ["'self'", 'data:'],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
  'img-src': ["'self'", 'data:'],
  'object-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
}

const toPolicy = (directives: Record<string, string[]>): string =>
  Object.entries(directives)
    .map(([name, values]) => `${name} ${values.join(' ')}`)
    .join(';')

/** The text is built only once; helmet would build it for each request. */
const POLICY = toPolicy(DIRECTIVES)

/**
 * Builds the content security policy for the pages of the libraries Scalar and Bull Board. It allows inline styles, and
 * inline scripts with these hashes.
 */
export const createLibraryPagePolicy = (scriptHashes: string[] = []): string =>
  toPolicy({
    ...DIRECTIVES,
    'script-src': ["'self'", ...scriptHashes],
    'style-src': ["'self'", "'unsafe-inline'"],
  })

export function setSecurityHeaders(app: Api): void {
  app.register(helmet, {
    contentSecurityPolicy: false,
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  })
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id).header('content-security-policy', POLICY)
    if (request.protocol === 'https') reply.header('strict-transport-security', HSTS)
    done()
  })
}
