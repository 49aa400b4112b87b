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
  event: `EngineerChat.${string}`
  fields: LogFields
}

/**
 * Declares what a verb reports of its calls. `createRunVerb` writes the audit entries and then the log line.
 */
export interface VerbReport<Input, Result> {
  /**
   * Lists the events of which the result shows something. `createRunVerb` writes an audit entry for each event that
   * the user sees only because of the role admin.
   */
  listShownEvents(call: VerbCall<Input, Result>): readonly string[]
  audit?(call: VerbCall<Input, Result>): AuditedAct[]
  log?(call: VerbCall<Input, Result>): LogLine | undefined
}

/** A verb takes `auditContext` if it writes its own audit entries, or if jobs and changes name its request. */
export type Verb<Context, Input, Result> = ((
  ctx: Context,
  caller: Principal,
  input: Input,
  auditContext: AuditContext,
) => Promise<Result> | Result) & { report: VerbReport<NoInfer<Input>, NoInfer<Result>> }

/** Fits verbs whose result shows nothing of any event. */
export const listNoEvent = (): readonly string[] => []

/** Fits verbs whose result shows the event that the input names. */
export const listInputEvent = ({ input }: { input: { event_id: string } }): readonly string[] => [input.event_id]

/** Fits verbs whose result belongs to one event. */
export const listResultEvent = ({ result }: { result: { event_id: string } }): readonly string[] => [result.event_id]
