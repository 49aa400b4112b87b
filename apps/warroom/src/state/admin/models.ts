import type { Analytics, ConfiguredModel } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, toErrorKind } from '../page/error-kinds.ts'
import { createLoadOrder } from '../page/load-order.ts'
import { client } from '../people/sign-in.ts'

export interface ModelsView {
  /** The models have the order of the models file. */
  models: readonly ConfiguredModel[]
  analytics: Analytics | null
  errorKind: ErrorKind | null
}

export const useConfiguredModels = create<ModelsView>(() => ({ models: [], analytics: null, errorKind: null }))

const startLoad = createLoadOrder()

export async function loadConfiguredModels(): Promise<void> {
  const mayUse = startLoad()
  try {
    const [{ items: models }, analytics] = await Promise.all([client.listConfiguredModels(), client.getAnalytics()])
    if (mayUse()) useConfiguredModels.setState({ models, analytics, errorKind: null })
  } catch (error) {
    if (mayUse()) useConfiguredModels.setState({ errorKind: toErrorKind(error) })
  }
}
