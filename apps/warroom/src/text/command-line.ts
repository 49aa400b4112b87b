import { type AgentField, takeAgentCommand } from '@engineer-chat/protocol'

export type CommandState = 'done' | 'failed' | 'running' | 'unknown'

/** Describes the command that a message of an agent reports. */
export interface CommandLine {
  command: string
  /** Holds the status exactly as the agent wrote it. */
  status: string | undefined
  state: CommandState
}

const STATES: Record<Exclude<CommandState, 'unknown'>, readonly string[]> = {
  done: ['completed', 'complete', 'done', 'finished', 'ok', 'success', 'succeeded', 'successful'],
  failed: ['failed', 'failure', 'error', 'denied', 'rejected', 'timeout', 'timed_out', 'aborted', 'cancelled'],
  running: ['running', 'pending', 'queued', 'started', 'in_progress', 'processing', 'waiting'],
}

/** Separates the command and its status from an agent's other fields, which keep their order. */
export function takeCommandLine(fields: AgentField[]): { commandLine: CommandLine | undefined; others: AgentField[] } {
  const { command, status, others } = takeAgentCommand(fields)
  return { commandLine: command === undefined ? undefined : { command, status, state: toState(status) }, others }
}

function toState(status: string | undefined): CommandState {
  const word = status?.trim().toLowerCase() ?? ''
  if (STATES.done.includes(word)) return 'done'
  if (STATES.failed.includes(word)) return 'failed'
  return STATES.running.includes(word) ? 'running' : 'unknown'
}
