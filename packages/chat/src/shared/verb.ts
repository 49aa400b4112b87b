import type { AuditContext, AuditedAct } from './audit.ts'
import type { LogFields } from './log.ts'
import type { Principal } from './model.ts'

/** A call of a verb that succeeded. */
export interface VerbCall<Input, Result> {
  caller: Principal
  input: Input
  result: Result
}

export interface LogLine {
  event: `EngineerChat.${string}`
  fields: LogFields
}

/** What a verb declares of its calls. Whoever runs the verb writes the audit's entries and then the log's line. */
export interface VerbReport<Input, Result> {
  audit?(call: VerbCall<Input, Result>): AuditedAct[]
  log?(call: VerbCall<Input, Result>): LogLine | undefined
}

/** A verb that writes its audit entries itself takes `origin` for them. */
export type Verb<Context, Input, Result> = ((
  ctx: Context,
  caller: Principal,
  input: Input,
  origin: AuditContext,
) => Promise<Result> | Result) & { report?: VerbReport<Input, Result> }
