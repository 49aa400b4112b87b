import { type Code, markDeceptive } from '@engineer-chat/markdown'
import type { ReactNode } from 'react'

export const CodeBlock = ({ code: { value, language } }: { code: Code }): ReactNode => (
  <pre tabIndex={0} data-language={language === '' ? undefined : language}>
    <code>{markDeceptive(value)}</code>
  </pre>
)
