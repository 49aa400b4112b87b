import { createUser, listUsers, updateUser } from '@engineer-chat/chat/people'
import { CreateUser, CursorQuery, UpdateUser, User, UserId } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { createAuditRecorder, describeChanges } from './audit-request.ts'
import { getPrincipal } from './authenticate.ts'

const tags = ['users']

export function userRoutes(app: Api, { stores, passwords, bus, log }: ApiDeps): void {
  const ctx = { ...stores, passwords, bus }
  const record = createAuditRecorder(stores.audit)

  app.get(
    '/api/users',
    { schema: { tags, summary: 'Admin: list users', querystring: CursorQuery, response: { 200: Paginated(User) } } },
    async (request) => {
      const users = await listUsers(ctx, getPrincipal(request), request.query)
      await record(request, { action: 'admin_view', object_type: 'user', object_id: null, detail: 'GET /api/users' })
      return users
    },
  )

  app.post(
    '/api/users',
    { schema: { tags, summary: 'Admin: create a user', body: CreateUser, response: { 201: User } } },
    async (request, reply) => {
      const user = await createUser(ctx, getPrincipal(request), request.body)
      const { user_id: object_id, role } = user
      await record(request, { action: 'user_created', object_type: 'user', object_id, detail: `role=${role}` })
      log.info('EngineerChat.user_created', { request_id: request.id, user_id: user.user_id, role: user.role })
      return reply.code(201).send(user)
    },
  )

  app.patch(
    '/api/users/:user_id',
    {
      schema: {
        tags,
        summary: 'Admin: change role, deactivate, reset the password; ends the user’s sign-ins',
        params: Type.Object({ user_id: UserId }),
        body: UpdateUser,
        response: { 200: User },
      },
    },
    async (request) => {
      const user = await updateUser(ctx, getPrincipal(request), { ...request.body, ...request.params })
      const { user_id: object_id } = user
      await record(request, {
        action: 'user_updated',
        object_type: 'user',
        object_id,
        detail: describeChanges(request.body),
      })
      log.info('EngineerChat.user_updated', { request_id: request.id, user_id: user.user_id, role: user.role })
      return user
    },
  )
}
