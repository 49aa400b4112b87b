import type { Analytics } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, toErrorKind } from '../page/error-kinds.ts'
import { createLoadOrder } from '../page/load-order.ts'
import { getServerTimeMs } from '../page/server-clock.ts'
import { client } from '../people/sign-in.ts'

/** Lists the ranges of days that the page offers, such as the last 7 days. */
export const RANGES_DAYS = [7, 30, 90] as const
export type RangeDays = (typeof RANGES_DAYS)[number]

export interface AnalyticsView {
  rangeDays: RangeDays
  /** Holds the chosen model's name at its provider; null chooses the replies without a model, undefined all replies. */
  model: string | null | undefined
  analytics: Analytics | null
  errorKind: ErrorKind | null
}

const DAY_MS = 86_400_000

export const useAnalytics = create<AnalyticsView>(() => ({
  rangeDays: 30,
  model: undefined,
  analytics: null,
  errorKind: null,
}))

export const chooseAnalyticsModel = (model: AnalyticsView['model']): void => useAnalytics.setState({ model })

const registerLoad = createLoadOrder()

/** Loads the statistics of a range. Ignores the response if another range was chosen since. */
export async function loadAnalytics(rangeDays: RangeDays): Promise<void> {
  useAnalytics.setState({ rangeDays, errorKind: null })
  const isNewestResult = registerLoad()
  const isWanted = () => useAnalytics.getState().rangeDays === rangeDays && isNewestResult()
  // The range includes today, so its first day is `rangeDays - 1` days ago.
  const firstDay = new Date(getServerTimeMs() - (rangeDays - 1) * DAY_MS).toISOString().slice(0, 10)
  try {
    const analytics = await client.getAnalytics({ from: firstDay })
    if (isWanted()) useAnalytics.setState({ analytics })
  } catch (error) {
    if (isWanted()) useAnalytics.setState({ errorKind: toErrorKind(error) })
  }
}
