import { type Code, markDeceptive } from '@engineer-chat/markdown'
import type { ReactNode } from 'react'

export const CodeBlock = ({ code: { value, info } }: { code: Code }): ReactNode => (
  <pre tabIndex={0}>
    {info !== '' && (
      <>
        <span className="info">{markDeceptive(info)}</span>
        {'\n'}
      </>
    )}
    <code>{markDeceptive(value)}</code>
  </pre>
)
