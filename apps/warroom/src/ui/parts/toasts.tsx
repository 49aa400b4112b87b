import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { dismissToast, useToasts } from '../../state/page/toasts.ts'
import { Icon } from './icon.tsx'

export function Toasts(): ReactNode {
  const t = useMessages()
  const toasts = useToasts((state) => state.toasts)
  return (
    <div className="toasts" role="status">
      {toasts.map(({ id, tone, text, action }) => (
        <div key={id} className={`toast ${tone}`}>
          <span>{text}</span>
          {action && (
            <button
              type="button"
              onClick={() => {
                dismissToast(id)
                action.run()
              }}
            >
              {action.label}
            </button>
          )}
          <button type="button" className="plain icon-only" aria-label={t.close} onClick={() => dismissToast(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  )
}
