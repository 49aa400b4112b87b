import { createChatCounters } from '@engineer-chat/adapters/metrics'
import cookie from '@fastify/cookie'
import fastify from 'fastify'
import { chatRoutes } from './asking/chat-routes.ts'
import { previewRoute } from './asking/preview-route.ts'
import { sendRoute } from './asking/send-route.ts'
import { sessionRoutes } from './asking/session-routes.ts'
import type { Api, ApiDeps } from './deps.ts'
import { describeRoutes } from './documents/openapi.ts'
import { documentRoutes, referencePage } from './documents/routes.ts'
import { registerDrain } from './drain-connections.ts'
import { eventRoutes } from './events/event-routes.ts'
import { memberRoutes } from './events/member-routes.ts'
import { summaryRoutes } from './events/summary-routes.ts'
import { refuseBadAddresses } from './http/client-address.ts'
import { answerClientError } from './http/client-errors.ts'
import { readJsonBodies } from './http/json-bodies.ts'
import { createErrorHandler, sendProblem, toChatError } from './http/problems.ts'
import { createRateLimits, enforceLimit, type RateLimits } from './http/rate-limits.ts'
import { createRequestId } from './http/request-id.ts'
import { setSecurityHeaders } from './http/security-headers.ts'
import { answerUnknownRoutes } from './http/unknown-routes.ts'
import { validatorCompiler } from './http/validation.ts'
import { warRoomPage } from './http/war-room-page.ts'
import { configuredModelsRoute } from './models/configured-models-route.ts'
import { modelsRoute } from './models/models-route.ts'
import { analyticsRoute } from './operations/analytics-route.ts'
import { healthRoutes } from './operations/health-routes.ts'
import { legalHoldRoutes } from './operations/legal-hold-routes.ts'
import { measureRequests, metricsRoute } from './operations/metrics-route.ts'
import { boardSignInRoute, queueBoard } from './operations/queue-board.ts'
import { registerAccessTokens } from './people/access-tokens.ts'
import { auditAdminViews } from './people/admin-views.ts'
import { auditRoutes } from './people/audit-routes.ts'
import { authRoutes } from './people/auth-routes.ts'
import { requireSignIn } from './people/authenticate.ts'
import { signInRoutes } from './people/sign-in-routes.ts'
import { userRoutes } from './people/user-routes.ts'
import { replyRoutes } from './replying/reply-routes.ts'
import { flaggedReplyRoutes } from './reviews/flagged-reply-routes.ts'
import { exportRoute } from './rooms/export-route.ts'
import { pinRoutes } from './rooms/pin-routes.ts'
import { roomRoutes } from './rooms/room-routes.ts'
import { searchRoute } from './rooms/search-route.ts'
import { serveSockets } from './serve-sockets.ts'
import { voiceRoutes } from './voice/voice-routes.ts'

/** Builds the whole API from the given dependencies. It does not listen on a port. */
export function buildApp(deps: ApiDeps): Api {
  const app = createServer(deps)
  const isClosing = registerDrain(app, deps.config.http.shutdownDrainMs)
  answerUnknownRoutes(app)
  readJsonBodies(app, deps.config.http.maxJsonDepth)
  setSecurityHeaders(app)
  refuseBadAddresses(app)
  measureRequests(app, deps)
  describeRoutes(app)
  registerAccessTokens(app, deps.config)
  app.register(cookie)
  const limits = createRateLimits(deps.config, deps.counts)
  serveSockets(app, deps, limits)

  app.register(
    registerPart((scope) => {
      healthRoutes(scope, deps, isClosing)
      metricsRoute(scope, deps)
      documentRoutes(scope)
      signInRoutes(scope, deps, limits)
      if (deps.page !== undefined) warRoomPage(scope, deps.page)
      scope.register(registerPart((page) => referencePage(page)))
      scope.register(registerPart((admin) => queueBoard(admin, deps)))
      scope.register(registerPart((signedIn) => signedInRoutes(signedIn, deps, limits)))
    }),
  )
  return app
}

function signedInRoutes(app: Api, deps: ApiDeps, limits: RateLimits): void {
  const counters = createChatCounters(deps.metrics.registry)
  requireSignIn(app, deps.stores.rights, (request, reply) => enforceLimit(limits.unknownCallers, request, reply))
  app.register(registerPart((scope) => sendRoute(scope, deps, limits, counters)))
  app.register(
    registerPart((scope) => {
      scope.addHook('onRequest', async (request, reply) => enforceLimit(limits.requests, request, reply))
      auditAdminViews(scope, deps)
      authRoutes(scope, deps)
      userRoutes(scope, deps)
      eventRoutes(scope, deps)
      memberRoutes(scope, deps)
      summaryRoutes(scope, deps)
      roomRoutes(scope, deps)
      pinRoutes(scope, deps)
      exportRoute(scope, deps, limits)
      searchRoute(scope, deps, limits)
      chatRoutes(scope, deps)
      sessionRoutes(scope, deps)
      modelsRoute(scope, deps)
      replyRoutes(scope, deps, counters)
      previewRoute(scope, deps, limits)
      flaggedReplyRoutes(scope, deps)
      boardSignInRoute(scope, deps)
      scope.register(registerPart((voice) => voiceRoutes(voice, deps)))
      auditRoutes(scope, deps)
      analyticsRoute(scope, deps)
      configuredModelsRoute(scope, deps)
      legalHoldRoutes(scope, deps)
    }),
  )
}

/** Registers routes with hooks of their own. A hook runs for the routes of its part and for the parts within it. */
const registerPart =
  (build: (scope: Api) => void) =>
  (scope: Api, _options: object, done: () => void): void => {
    build(scope)
    done()
  }

function createServer({ config, log }: ApiDeps): Api {
  const proxies = config.http.trustedProxies
  const app: Api = fastify({
    logger: false,
    trustProxy: proxies.length > 0 ? [...proxies] : false,
    bodyLimit: config.http.maxBodyBytes,
    genReqId: createRequestId,
    requestIdHeader: false,
    requestTimeout: 60_000,
    keepAliveTimeout: 75_000, // It is longer than a proxy's, so that the proxy ends an idle connection.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, _request, reply) => sendProblem(reply, toChatError(error)),
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(() => JSON.stringify) // Only the document uses the schemas of responses.
  app.setErrorHandler(createErrorHandler(log))
  return app
}
