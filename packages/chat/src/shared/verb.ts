import type { AuditContext, AuditedAct } from './audit/audit.ts'
import type { LogFields } from './log.ts'
import type { Principal } from './principal.ts'

/** Describes a successful call of a verb. */
export interface VerbCall<Input, Result> {
  caller: Principal
  input: Input
  result: Result
}

export interface LogLine {
  /** Is the name of the log event. An `event` elsewhere is an incident. */
  event: `EngineerChat.${string}`
  fields: LogFields
}

/**
 * Declares what is recorded about each call of a verb. `createRunVerb` writes the audit entries and then the log line.
 */
export interface VerbReport<Input, Result> {
  /**
   * Returns the ids of the events whose data the result shows. `createRunVerb` writes an audit entry for each of these
   * events that the caller sees only because of the role admin.
   */
  listShownEvents(call: VerbCall<Input, Result>): readonly string[]
  /** Returns what the audit entries say about the call. */
  audit?(call: VerbCall<Input, Result>): AuditedAct[]
  /** Returns the log line about the call, or undefined for no line. */
  log?(call: VerbCall<Input, Result>): LogLine | undefined
}

/**
 * A verb gets `auditContext`, which names the request, as its last argument. It declares this parameter only if it
 * writes audit entries itself, or if it passes the request's id to jobs or changes.
 */
export type Verb<Context, Input, Result> = ((
  ctx: Context,
  caller: Principal,
  input: Input,
  auditContext: AuditContext,
) => Promise<Result> | Result) & { report: VerbReport<NoInfer<Input>, NoInfer<Result>> }

/** Is the `listShownEvents` of a verb whose result shows no event. */
export const listNoEvent = (): readonly string[] => []

/** Is the `listShownEvents` of a verb whose result shows the event that the input names. */
export const listInputEvent = ({ input }: { input: { event_id: string } }): readonly string[] => [input.event_id]

/** Is the `listShownEvents` of a verb whose result names the only event that it shows. */
export const listResultEvent = ({ result }: { result: { event_id: string } }): readonly string[] => [result.event_id]
