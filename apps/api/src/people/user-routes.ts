import { createUser, listUsers, updateUser } from '@engineer-chat/chat/people'
import { CreateUser, CursorQuery, UpdateUser, User, UserId } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { enforceLimit, type RateLimits } from '../http/rate-limits.ts'
import { createRunVerb } from '../http/run-verb.ts'
import { requireHttps } from './require-https.ts'

const tags = ['users']

export function registerUserRoutes(app: Api, deps: ApiDeps, limits: RateLimits): void {
  const ctx = { ...deps.stores, passwords: deps.passwords, bus: deps.bus }
  const run = createRunVerb(deps)

  app.get(
    '/api/users',
    { schema: { tags, summary: 'Admin: list users', querystring: CursorQuery, response: { 200: Paginated(User) } } },
    (request) => run(request, listUsers, ctx, request.query),
  )

  app.post(
    '/api/users',
    { schema: { tags, summary: 'Admin: create a user', body: CreateUser, response: { 201: User } } },
    async (request, reply) => {
      requireHttps(request, deps.config)
      return reply.code(201).send(await run(request, createUser, ctx, request.body))
    },
  )

  app.patch(
    '/api/users/:user_id',
    {
      schema: {
        tags,
        summary:
          'Admin: change the role, deactivate the user, or set the password; to set it, the admin’s own password is required. Each change ends the user’s sign-ins',
        params: Type.Object({ user_id: UserId }),
        body: UpdateUser,
        response: { 200: User },
      },
      preHandler: async (request, reply) => {
        if (request.body.password === undefined) return
        requireHttps(request, deps.config)
        await enforceLimit(limits.ownPasswords, request, reply)
      },
    },
    (request) => run(request, updateUser, ctx, { ...request.params, changes: request.body }),
  )
}
