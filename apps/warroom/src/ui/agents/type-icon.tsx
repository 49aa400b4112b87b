import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { Icon } from '../parts/icon.tsx'

/** Marks an error or a summary among the messages of an agent. */
export function TypeIcon({ type }: { type: string }): ReactNode {
  const t = useMessages()
  const isError = type.startsWith('error_')
  if (!isError && !type.endsWith('_summary_generated')) return null
  return (
    <span className={isError ? 'type-mark error' : 'type-mark'} title={t.agent_type(type)}>
      <Icon name={isError ? 'warn' : 'summary'} />
      <span className="unseen">{t.agent_type(type)}: </span>
    </span>
  )
}
