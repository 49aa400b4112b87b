import { create } from 'zustand'

export interface Toast {
  id: number
  tone: 'plain' | 'good' | 'bad'
  text: string
  /** Offers a button that undoes what the toast reports, or that opens the next step. */
  action?: ToastAction | undefined
}

export interface ToastAction {
  label: string
  run(): void
}

const MAX_TOASTS = 3
const SHOWN_MS = 6_000
/** A toast with an action is shown longer, because the reader needs time to decide. */
const SHOWN_WITH_ACTION_MS = 20_000
let lastId = 0

export const useToasts = create<{ toasts: readonly Toast[] }>(() => ({ toasts: [] }))

/** Shows a toast below the others for some seconds. It replaces a toast with the same text. */
export function showToast(text: string, tone: Toast['tone'] = 'plain', action?: ToastAction): void {
  lastId += 1
  const id = lastId
  useToasts.setState(({ toasts }) => {
    const others = toasts.filter((toast) => toast.text !== text)
    return { toasts: [...others, { id, tone, text, action }].slice(-MAX_TOASTS) }
  })
  setTimeout(() => dismissToast(id), action ? SHOWN_WITH_ACTION_MS : SHOWN_MS)
}

export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }))
}
