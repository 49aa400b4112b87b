import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

interface Props
  extends Pick<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'disabled' | 'aria-pressed' | 'aria-busy'> {
  icon: IconName
  label: string
  onClick(): void
}

/** Draws a button with an icon. Its label is read by screen readers and shown as a tooltip. */
export function IconButton({ icon, label, onClick, className = '', ...buttonProps }: Props): ReactNode {
  return (
    <button
      {...buttonProps}
      type="button"
      className={`plain icon-only ${className}`.trim()}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  )
}
