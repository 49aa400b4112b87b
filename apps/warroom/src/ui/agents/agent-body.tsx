import { type Message, readMessageBody } from '@engineer-chat/protocol'
import { type ReactNode, useEffect, useMemo } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { takeCommandLine } from '../../text/command-line.ts'
import { renderMarkdown } from '../../text/markdown.tsx'
import { renderPlain } from '../../text/plain.tsx'
import { foldAndScroll, unfoldIfScrolled } from '../folding/fold-and-scroll.ts'
import { LoadWholeButton } from '../message/load-whole-button.tsx'
import { useExpanded } from '../message/use-expanded.ts'
import { useOverflow } from '../message/use-overflow.ts'
import { Icon } from '../parts/icon.tsx'
import { CommandLineView } from './command-line.tsx'
import { Fields } from './fields.tsx'
import { TypeIcon } from './type-icon.tsx'

/**
 * Shows what an agent posted: the command that it ran, its text and its fields. A folded body shows one line. It
 * unfolds if a link leads to it (`isJumpTarget`), or if the browser's search or the focus reaches its hidden part.
 */
export function AgentBody({ message, isJumpTarget }: { message: Message; isJumpTarget: boolean }): ReactNode {
  const { text, isMarkdown, commandLine, fields } = useAgentBody(message)
  const [isExpanded, setExpanded] = useExpanded(message.message_id)
  const isFolded = !isExpanded
  const { box, overflows } = useOverflow(isFolded)
  const body = useMemo(
    () => (isMarkdown ? renderMarkdown(text, { firstLevel: 2 }) : renderPlain(text)),
    [isMarkdown, text],
  )
  useEffect(() => {
    if (isJumpTarget) setExpanded(true)
  }, [isJumpTarget])
  const spansSeveralLines = fields.length > 0 || (text !== '' && commandLine !== undefined) || text.includes('\n')
  return (
    <div className="agent-line">
      {(isExpanded || overflows || spansSeveralLines) && (
        <FoldButton isExpanded={isExpanded} setExpanded={setExpanded} />
      )}
      <div
        ref={box}
        className={isFolded ? `one-line${overflows ? ' cut' : ''}` : 'unfolded'}
        onScroll={({ currentTarget }) => {
          if (isFolded) unfoldIfScrolled(currentTarget, () => setExpanded(true))
        }}
      >
        <div className="prose">
          {/* The status of a command already says whether there was an error. */}
          {commandLine?.status === undefined && <TypeIcon type={message.message_type} />}
          {commandLine && <CommandLineView commandLine={commandLine} isFolded={isFolded} />}
          {text !== '' && body}
          {fields.length > 0 && <Fields fields={fields} />}
        </div>
      </div>
      {message.truncated && <LoadWholeButton message={message} />}
    </div>
  )
}

/** Reads the parts of a message, and reads them again only when one of its fields has changed. */
function useAgentBody({ message_category, sender_type, message_content }: Message) {
  return useMemo(() => {
    const { text = '', isMarkdown, fields } = readMessageBody({ message_category, sender_type, message_content })
    const { commandLine, others } = takeCommandLine(fields)
    return { text, isMarkdown, commandLine, fields: others }
  }, [message_category, sender_type, message_content])
}

function FoldButton(props: { isExpanded: boolean; setExpanded(isExpanded: boolean): void }): ReactNode {
  const { isExpanded, setExpanded } = props
  const t = useMessages()
  const label = isExpanded ? t.show_less : t.show_all
  return (
    <button
      type="button"
      className="plain fold"
      title={label}
      aria-expanded={isExpanded}
      onClick={({ currentTarget }) =>
        isExpanded ? foldAndScroll(currentTarget, () => setExpanded(false)) : setExpanded(true)
      }
    >
      <Icon name="chevron" />
      <span className="unseen">{label}</span>
    </button>
  )
}
