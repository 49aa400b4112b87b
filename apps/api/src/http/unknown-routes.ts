import { ChatError } from '@engineer-chat/chat/shared'
import type { Api } from '../deps.ts'
import { sendProblem } from './problems.ts'

/** Responds to a request without a route: with 405 if the path has only other methods, and otherwise with 404. */
export function respondToUnknownRoutes(app: Api): void {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>()
  app.addHook('onRoute', ({ url, method }) => {
    const route = routes.get(url) ?? { pattern: toPattern(url), methods: new Set() }
    for (const name of [method].flat()) route.methods.add(name)
    routes.set(url, route)
  })
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? ''
    const matchingRoutes = [...routes.values()].filter(({ pattern }) => pattern.test(path))
    const allowedMethods = new Set(matchingRoutes.flatMap(({ methods }) => [...methods]))
    // A route calls this handler too if it has no file for the path, for example a file of an older page.
    if (allowedMethods.size === 0 || allowedMethods.has(request.method)) {
      return sendProblem(reply, new ChatError('not_found'))
    }
    reply.header('allow', [...allowedMethods].sort().join(', '))
    return sendProblem(reply, new ChatError('method_not_allowed'))
  })
}

function toPattern(url: string): RegExp {
  const escaped = url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replace(/:\w+/g, '[^/]+').replace('\\*', '.*')}$`)
}
