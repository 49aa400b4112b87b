import type { ReactNode } from 'react'
import { closeDialog } from '../../state/page/view.ts'
import { ErrorText } from '../parts/error-text.tsx'

interface Props {
  /** Explains the effects of the action. */
  children: ReactNode
  confirmLabel: string
  cancelLabel: string
  isBusy?: boolean
  errorText?: string
  onConfirm(): void
}

/** Asks for confirmation before an action that is hard to undo. If the action fails, shows why. */
export function Confirm({ children, confirmLabel, cancelLabel, isBusy, errorText = '', onConfirm }: Props): ReactNode {
  return (
    <div className="content">
      {children}
      <ErrorText text={errorText} />
      <p className="button-row">
        <button type="button" className="danger" disabled={isBusy} onClick={onConfirm}>
          {confirmLabel}
        </button>
        <button type="button" onClick={closeDialog}>
          {cancelLabel}
        </button>
      </p>
    </div>
  )
}

/** Lists the effects of an action. */
export const ExplanationList = ({ lines }: { lines: readonly string[] }): ReactNode => (
  <ul className="points">
    {lines.map((line) => (
      <li key={line}>{line}</li>
    ))}
  </ul>
)
