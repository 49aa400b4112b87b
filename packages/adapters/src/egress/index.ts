export { type ConnectionTimeouts, createDispatcher } from './create-dispatcher.ts'
export { type EgressSettings, findProxy } from './find-proxy.ts'
export { findProxyRefusal } from './proxy-refusal.ts'
export { requestUntilAborted } from './request-until-aborted.ts'
