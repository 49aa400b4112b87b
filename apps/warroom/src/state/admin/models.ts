import type { Analytics, ConfiguredModel } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, toErrorKind } from '../page/error-kinds.ts'
import { client } from '../people/sign-in.ts'

export interface ModelsView {
  /** The models have the order of the models file. */
  models: readonly ConfiguredModel[]
  analytics: Analytics | null
  errorKind: ErrorKind | null
}

export const useConfiguredModels = create<ModelsView>(() => ({ models: [], analytics: null, errorKind: null }))

export async function loadConfiguredModels(): Promise<void> {
  try {
    const [{ items: models }, analytics] = await Promise.all([client.listConfiguredModels(), client.getAnalytics()])
    useConfiguredModels.setState({ models, analytics, errorKind: null })
  } catch (error) {
    useConfiguredModels.setState({ errorKind: toErrorKind(error) })
  }
}
