import type { Analytics } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, toErrorKind } from '../page/problems.ts'
import { getServerTime } from '../page/server-clock.ts'
import { client } from '../people/session.ts'

export const RANGES = [7, 30, 90] as const
export type Range = (typeof RANGES)[number]

export interface AnalyticsView {
  range: Range
  /** Is the provider's name of a model, or null for replies without one; undefined chooses all. */
  model: string | null | undefined
  analytics: Analytics | null
  trouble: ErrorKind | null
}

const DAY_MS = 86_400_000

export const useAnalytics = create<AnalyticsView>(() => ({
  range: 30,
  model: undefined,
  analytics: null,
  trouble: null,
}))

export const chooseStatsModel = (model: AnalyticsView['model']): void => useAnalytics.setState({ model })

/** Shows the newest choice, whichever response comes last. */
export async function loadAnalytics(range: Range): Promise<void> {
  useAnalytics.setState({ range, trouble: null })
  const from = new Date(getServerTime() - (range - 1) * DAY_MS).toISOString().slice(0, 10)
  try {
    const analytics = await client.analytics({ from })
    if (useAnalytics.getState().range === range) useAnalytics.setState({ analytics })
  } catch (error) {
    if (useAnalytics.getState().range === range) useAnalytics.setState({ trouble: toErrorKind(error) })
  }
}
