import { type PlainPart, parsePlain } from '@engineer-chat/markdown'
import type { ReactNode } from 'react'
import { CodeBlock } from '../ui/code/code-block.tsx'
import { MentionText } from '../ui/parts/mention-text.tsx'
import { MessageText } from '../ui/parts/message-text.tsx'

/** Renders a text that is not Markdown. Every character is shown as it was written, and only code is recognised. */
export const renderPlain = (text: string): ReactNode => (
  <div className="text">
    {parsePlain(text).map((part) => (
      <PlainPartView key={part.start} part={part} />
    ))}
  </div>
)

function PlainPartView({ part }: { part: PlainPart }): ReactNode {
  switch (part.type) {
    case 'text':
      return <MentionText text={part.value} place={part} />
    case 'code':
      return (
        <code>
          <MessageText text={part.value} place={part} />
        </code>
      )
    case 'code_block':
      return <CodeBlock code={part} />
  }
}
