import type { Analytics } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, toErrorKind } from '../page/problems.ts'
import { client } from '../people/session.ts'

export const RANGES = [7, 30, 90] as const
export type Range = (typeof RANGES)[number]

export interface AnalyticsView {
  range: Range
  /** By the provider's name; undefined: all of them. */
  model: string | null | undefined
  found: Analytics | null
  trouble: ErrorKind | null
}

const DAY_MS = 86_400_000

export const useAnalytics = create<AnalyticsView>(() => ({ range: 30, model: undefined, found: null, trouble: null }))

export const chooseModelOf = (model: AnalyticsView['model']): void => useAnalytics.setState({ model })

/** The newest choice counts, whichever answer comes last. */
export async function loadAnalytics(range: Range): Promise<void> {
  useAnalytics.setState({ range, trouble: null })
  const from = new Date(Date.now() - (range - 1) * DAY_MS).toISOString().slice(0, 10)
  try {
    const found = await client.analytics({ from })
    if (useAnalytics.getState().range === range) useAnalytics.setState({ found })
  } catch (error) {
    if (useAnalytics.getState().range === range) useAnalytics.setState({ trouble: toErrorKind(error) })
  }
}
