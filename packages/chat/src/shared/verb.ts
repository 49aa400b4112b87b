import type { AuditContext, AuditedAct } from './audit.ts'
import type { LogFields } from './log.ts'
import type { Principal } from './model.ts'

/** Describes a call of a verb that succeeded. */
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
 * Declares what a verb reports of its calls. The caller of the verb writes the audit entries and then the log line.
 */
export interface VerbReport<Input, Result> {
  audit?(call: VerbCall<Input, Result>): AuditedAct[]
  log?(call: VerbCall<Input, Result>): LogLine | undefined
}

/** A verb that writes its own audit entries takes `auditContext` for them. */
export type Verb<Context, Input, Result> = ((
  ctx: Context,
  caller: Principal,
  input: Input,
  auditContext: AuditContext,
) => Promise<Result> | Result) & { report?: VerbReport<Input, Result> }
