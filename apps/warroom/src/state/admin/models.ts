import type { Analytics, ConfiguredModel } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, toErrorKind } from '../page/error-kinds.ts'
import { createLoadOrder } from '../page/load-order.ts'
import { client } from '../people/sign-in.ts'

export interface ModelsView {
  /** Lists the models in the order of the models file. */
  models: readonly ConfiguredModel[]
  analytics: Analytics | null
  errorKind: ErrorKind | null
}

export const useConfiguredModels = create<ModelsView>(() => ({ models: [], analytics: null, errorKind: null }))

const registerLoad = createLoadOrder()

export async function loadConfiguredModels(): Promise<void> {
  const isNewestResult = registerLoad()
  try {
    const [{ items: models }, analytics] = await Promise.all([client.listConfiguredModels(), client.getAnalytics()])
    if (isNewestResult()) useConfiguredModels.setState({ models, analytics, errorKind: null })
  } catch (error) {
    if (isNewestResult()) useConfiguredModels.setState({ errorKind: toErrorKind(error) })
  }
}
