import { createChatCounters } from '@engineer-chat/adapters/metrics'
import { RecentRowsCache } from '@engineer-chat/chat/events'
import cookie from '@fastify/cookie'
import fastify from 'fastify'
import { registerChatRoutes } from './asking/chat-routes.ts'
import { registerPreviewRoute } from './asking/preview-route.ts'
import { registerSendRoute } from './asking/send-route.ts'
import { registerSessionRoutes } from './asking/session-routes.ts'
import type { Api, ApiDeps } from './deps.ts'
import { registerDescriptionRoutes } from './descriptions/description-routes.ts'
import { describeRoutes } from './descriptions/openapi.ts'
import { registerReferencePage } from './descriptions/reference-page.ts'
import { registerDocumentRoutes } from './documents/document-routes.ts'
import { registerDrain } from './drain-connections.ts'
import { registerEventRoutes } from './events/event-routes.ts'
import { registerMemberRoutes } from './events/member-routes.ts'
import { registerSummaryRoutes } from './events/summary-routes.ts'
import { refuseMalformedAddresses } from './http/client-address.ts'
import { respondToClientError } from './http/client-errors.ts'
import { readJsonBodies } from './http/json-bodies.ts'
import { createErrorHandler, sendProblem, toChatError } from './http/problems.ts'
import { createRateLimits, enforceLimit, type RateLimits } from './http/rate-limits.ts'
import { refuseTwoHosts } from './http/refuse-two-hosts.ts'
import { createRequestId } from './http/request-id.ts'
import { setSecurityHeaders } from './http/security-headers.ts'
import { traceRequests } from './http/trace-requests.ts'
import { respondToUnknownRoutes } from './http/unknown-routes.ts'
import { validatorCompiler } from './http/validation.ts'
import { registerWarRoomPage } from './http/war-room-page.ts'
import { registerConfiguredModelsRoute } from './models/configured-models-route.ts'
import { registerModelsRoute } from './models/models-route.ts'
import { registerAnalyticsRoute } from './operations/analytics-route.ts'
import { registerBoardSignInRoute } from './operations/board-sign-in.ts'
import { registerHealthRoutes } from './operations/health-routes.ts'
import { registerLegalHoldRoutes } from './operations/legal-hold-routes.ts'
import { measureRequests, registerMetricsRoute } from './operations/metrics-route.ts'
import { registerQueueBoard } from './operations/queue-board.ts'
import { registerAccessTokens } from './people/access-tokens.ts'
import { registerAuditRoutes } from './people/audit-routes.ts'
import { registerAuthRoutes } from './people/auth-routes.ts'
import { requireSignIn } from './people/authenticate.ts'
import { registerSignInRoutes } from './people/sign-in-routes.ts'
import { registerUserRoutes } from './people/user-routes.ts'
import { registerReplyRoutes } from './replying/reply-routes.ts'
import { registerFlaggedReplyRoutes } from './reviews/flagged-reply-routes.ts'
import { registerExportRoute } from './rooms/export-route.ts'
import { registerIndicatorRoutes } from './rooms/indicator-routes.ts'
import { registerPinRoutes } from './rooms/pin-routes.ts'
import { registerRoomRoutes } from './rooms/room-routes.ts'
import { registerSearchRoute } from './rooms/search-route.ts'
import { serveSockets } from './serve-sockets.ts'
import { registerVoiceRoutes } from './voice/voice-routes.ts'

/** Builds the whole API from the given dependencies. It does not listen on a port. */
export function buildApp(deps: ApiDeps): Api {
  const app = createServer(deps)
  const isClosing = registerDrain(app, deps.config.http.shutdownDrainMs)
  traceRequests(app, deps)
  respondToUnknownRoutes(app)
  readJsonBodies(app, deps.config.http.maxJsonDepth)
  setSecurityHeaders(app)
  refuseTwoHosts(app)
  refuseMalformedAddresses(app)
  measureRequests(app, deps)
  describeRoutes(app)
  registerAccessTokens(app, deps.config)
  app.register(cookie)
  const limits = createRateLimits(deps.config, deps.rateCounters)
  const recentRows = new RecentRowsCache(deps.stores.inbox)
  serveSockets(app, deps, limits, recentRows)

  app.register(
    createPlugin((scope) => {
      registerHealthRoutes(scope, deps, isClosing)
      registerMetricsRoute(scope, deps)
      registerDescriptionRoutes(scope)
      registerSignInRoutes(scope, deps, limits)
      if (deps.pageFolder !== undefined) registerWarRoomPage(scope, deps.pageFolder)
      scope.register(createPlugin((pageScope) => registerReferencePage(pageScope)))
      scope.register(createPlugin((boardScope) => registerQueueBoard(boardScope, deps, limits)))
      scope.register(createPlugin((signedInScope) => registerSignedInRoutes(signedInScope, deps, limits, recentRows)))
    }),
  )
  return app
}

function registerSignedInRoutes(app: Api, deps: ApiDeps, limits: RateLimits, recentRows: RecentRowsCache): void {
  const counters = createChatCounters(deps.metrics.registry)
  requireSignIn(app, deps.stores.rights, (request, reply) => enforceLimit(limits.unknownCallers, request, reply))
  app.register(createPlugin((scope) => registerSendRoute(scope, deps, limits, counters)))
  app.register(
    createPlugin((scope) => {
      scope.addHook('onRequest', async (request, reply) => enforceLimit(limits.requests, request, reply))
      registerAuthRoutes(scope, deps, limits)
      registerUserRoutes(scope, deps, limits)
      registerEventRoutes(scope, deps, recentRows)
      registerMemberRoutes(scope, deps)
      registerSummaryRoutes(scope, deps)
      registerRoomRoutes(scope, deps)
      registerPinRoutes(scope, deps)
      registerExportRoute(scope, deps, limits)
      registerSearchRoute(scope, deps, limits)
      registerIndicatorRoutes(scope, deps, limits)
      registerDocumentRoutes(scope, deps, limits)
      registerChatRoutes(scope, deps)
      registerSessionRoutes(scope, deps, counters)
      registerModelsRoute(scope, deps)
      registerReplyRoutes(scope, deps, counters)
      registerPreviewRoute(scope, deps, limits)
      registerFlaggedReplyRoutes(scope, deps)
      registerBoardSignInRoute(scope, deps)
      scope.register(createPlugin((voiceScope) => registerVoiceRoutes(voiceScope, deps)))
      registerAuditRoutes(scope, deps)
      registerAnalyticsRoute(scope, deps)
      registerConfiguredModelsRoute(scope, deps)
      registerLegalHoldRoutes(scope, deps)
    }),
  )
}

/** Creates a Fastify plugin. Its hooks run only for its routes and for the routes of plugins that it registers. */
const createPlugin =
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
    keepAliveTimeout: 75_000, // The timeout of a proxy is shorter, so the proxy closes an idle connection first.
    return503OnClosing: false, // A closing app still serves requests: see `registerDrain`.
    forceCloseConnections: 'idle',
    clientErrorHandler: respondToClientError,
    frameworkErrors: (error, _request, reply) => sendProblem(reply, toChatError(error)),
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(() => JSON.stringify) // Only the OpenAPI document uses the schemas of responses.
  app.setErrorHandler(createErrorHandler(log))
  return app
}
