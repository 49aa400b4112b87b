import { create } from 'zustand'

export interface Toast {
  id: number
  tone: 'plain' | 'good' | 'bad'
  text: string
}

const SHOWN_MS = 6_000
let last = 0

export const useToasts = create<{ toasts: readonly Toast[] }>(() => ({ toasts: [] }))

export function showToast(text: string, tone: Toast['tone'] = 'plain'): void {
  last += 1
  const id = last
  useToasts.setState(({ toasts }) => ({
    toasts: [...toasts.filter((one) => one.text !== text).slice(-2), { id, tone, text }],
  }))
  setTimeout(() => dismissToast(id), SHOWN_MS)
}

export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((one) => one.id !== id) }))
}
