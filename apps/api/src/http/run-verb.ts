import { describeAdminViews } from '@engineer-chat/chat/people'
import type { AuditContext, Principal, Verb } from '@engineer-chat/chat/shared'
import type { FastifyRequest } from 'fastify'
import type { ApiDeps } from '../deps.ts'
import { getPrincipal } from '../people/authenticate.ts'
import { getClientAddress } from './client-address.ts'
import { findSpan } from './trace-requests.ts'

export type RunVerb = <Context, Input, Result>(
  request: FastifyRequest,
  verb: Verb<Context, Input, Result>,
  ctx: NoInfer<Context>,
  input: NoInfer<Input>,
) => Promise<Result>

/**
 * Returns a function that runs a verb for the caller of a request. The function writes the verb's audit entries before
 * the log line and the response, so that no response is sent without its entries. If the caller sees an event only
 * because they are an admin, the same write contains a separate entry for this view.
 */
export function createRunVerb({ stores, log }: Pick<ApiDeps, 'stores' | 'log'>): RunVerb {
  return async (request, verb, ctx, input) => {
    const caller: Principal = getPrincipal(request)
    const auditContext = toAuditContext(request)
    const result = await verb(ctx, caller, input, auditContext)
    const { report } = verb
    const call = { caller, input, result }
    const shown = { event_ids: report.listShownEvents(call), detail: toRouteName(request) }
    const acts = [...(report.audit?.(call) ?? []), ...(await describeAdminViews(stores, caller, shown))]
    if (acts.length > 0) {
      await stores.audit.write(acts.map((act) => ({ ...act, ...auditContext, actor: caller.user_id })))
    }
    const logLine = report.log?.(call)
    if (logLine) {
      const span = findSpan(request)
      span?.set(logLine.fields)
      log.info(logLine.event, { request_id: request.id, trace_id: span?.traceId, ...logLine.fields })
    }
    return result
  }
}

const toRouteName = ({ method, routeOptions }: FastifyRequest): string => `${method} ${routeOptions.url}`

export function toAuditContext(request: FastifyRequest): AuditContext {
  const span = findSpan(request)
  return {
    address: getClientAddress(request),
    request_id: request.id,
    ...(span && { traceparent: span.traceparent }),
  }
}
