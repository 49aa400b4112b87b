import { markDeceptive } from '@engineer-chat/markdown'
import type { ReactNode } from 'react'
import type { CommandLine, CommandState } from '../../text/command-line.ts'
import { Icon, type IconName } from '../parts/icon.tsx'
import { MessageText } from '../parts/message-text.tsx'

const ICONS: Record<CommandState, IconName> = { done: 'check', failed: 'close', running: 'clock', unknown: 'chevron' }

/**
 * Shows what an agent ran, and how that ended, as it wrote it. The names of both fields are for screen readers. In a
 * folded row the command may be cut, so its indicators wait until it is whole.
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
