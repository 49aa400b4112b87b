import { markDeceptive } from '@engineer-chat/markdown'
import type { ReactNode } from 'react'
import type { CommandLine, CommandState } from '../../text/command-line.ts'
import { Icon, type IconName } from '../parts/icon.tsx'
import { MessageText } from '../parts/message-text.tsx'

const ICONS: Record<CommandState, IconName> = { done: 'check', failed: 'close', running: 'clock', unknown: 'chevron' }

/**
 * Shows the command that an agent ran and its status, as the agent wrote them. Only screen readers get the names of
 * both fields. A folded row may cut the command, so its indicators appear only when the row is unfolded.
 */
export function CommandLineView(props: { commandLine: CommandLine; isFolded: boolean }): ReactNode {
  const { commandLine, isFolded } = props
  const { command, status, state } = commandLine
  return (
    <div className={`command-line ${state}`}>
      <Icon name={ICONS[state]} />
      <span className="unseen">command </span>
      <code>{isFolded ? markDeceptive(command) : <MessageText text={command} place={{ path: '/command' }} />}</code>
      {status !== undefined && (
        <span className="status">
          <span className="unseen">status </span>
          {markDeceptive(status)}
        </span>
      )}
    </div>
  )
}
