import { STATUS_CODES } from 'node:http'
import { Problem } from '@engineer-chat/protocol'
import swagger from '@fastify/swagger'
import type { Api } from '../deps.ts'
import { shareSchemas } from './shared-schemas.ts'

const DESCRIPTION = `Errors are RFC 9457 problem documents with a stable \`code\`. Lists are \`{items, next_cursor}\`, pages of messages
\`{messages, seq, has_more}\`. Limited routes send \`RateLimit-Limit\`, \`RateLimit-Remaining\` and \`RateLimit-Reset\` (seconds), and on
429 \`Retry-After\`. The WebSocket is described by \`/asyncapi.json\`.

The queue board at \`/admin/queues\` takes an admin's bearer token. A browser uses a cookie that is valid for nothing else:
\`POST /admin/queues/session\` with the token, then open \`/admin/queues\`.`

const TAGS = {
  auth: 'Signing in',
  users: 'Users; only for admins',
  events: 'Incidents, their members, and the agents’ summaries',
  room: 'The messages of an event: by agents, by people, and from shared chats',
  'engineer-chat': 'Asking the assistant; not for agents',
  documents: 'Runbooks and notes, which answers may use as sources; not for agents',
  operations: 'Health and metrics; for admins also the audit, statistics, reviews and legal holds',
}

/** Describes the routes as OpenAPI 3.1, from the schemas that check their requests. */
export function describeRoutes(app: Api): void {
  app.register(swagger, {
    refResolver: {
      buildLocalReference: ({ $id }, _base, _fragment, index) => (typeof $id === 'string' ? $id : `schema-${index}`),
    },
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Engineer Chat', version: '1', description: DESCRIPTION },
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
      security: [{ bearer: [] }],
    },
    transformObject: (described) => {
      if (!('openapiObject' in described)) return described.swaggerObject
      const { document, schemas } = shareSchemas(addProblems(described.openapiObject))
      const { components } = document
      return Object.assign(document, {
        components: { ...components, schemas: { ...components?.schemas, ...schemas } },
      })
    },
  })
}

type Operation = { responses: Record<string, { description?: string; content?: object }> }

const isOperation = (value: unknown): value is Operation =>
  value !== null && typeof value === 'object' && 'responses' in value

const listOperations = (path: object): Operation[] => Object.values(path).filter(isOperation)

/**
 * Adds a problem document to the responses of each route, because any route can respond with one. The other responses
 * are described by the names of their status codes.
 */
function addProblems<T extends { paths?: object }>(document: T): T {
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of listOperations(path)) {
      for (const [status, response] of Object.entries(operation.responses)) {
        response.description = STATUS_CODES[status] ?? status
      }
      operation.responses.default = {
        description: 'The request failed.',
        content: { 'application/problem+json': { schema: Problem } },
      }
    }
  }
  return document
}
