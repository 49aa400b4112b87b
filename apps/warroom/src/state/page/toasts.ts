import { create } from 'zustand'

export interface Toast {
  id: number
  tone: 'plain' | 'good' | 'bad'
  text: string
  /** Undoes what the toast reports, or opens the next step. */
  action?: ToastAction | undefined
}

export interface ToastAction {
  label: string
  run(): void
}

const SHOWN_MS = 6_000
/** An offer stays longer than a message, because it takes time to decide. */
const OFFERED_MS = 20_000
let last = 0

export const useToasts = create<{ toasts: readonly Toast[] }>(() => ({ toasts: [] }))

export function showToast(text: string, tone: Toast['tone'] = 'plain', action?: ToastAction): void {
  last += 1
  const id = last
  useToasts.setState(({ toasts }) => ({
    toasts: [...toasts.filter((one) => one.text !== text).slice(-2), { id, tone, text, action }],
  }))
  setTimeout(() => dismissToast(id), action ? OFFERED_MS : SHOWN_MS)
}

export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((one) => one.id !== id) }))
}
