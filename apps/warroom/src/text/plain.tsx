import { type PlainPart, parsePlain } from '@engineer-chat/markdown'
import type { ReactNode } from 'react'
import { CodeBlock } from '../ui/code/code-block.tsx'
import { MentionText } from '../ui/parts/mention-text.tsx'
import { MessageText } from '../ui/parts/message-text.tsx'

/** Renders data: every character stays as it was written, and only code is drawn as markup. */
export const renderPlain = (text: string): ReactNode => (
  <div className="text">
    {parsePlain(text).map((part) => (
      <Part key={part.start} part={part} />
    ))}
  </div>
)

function Part({ part }: { part: PlainPart }): ReactNode {
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
