import type { Analytics, ConfiguredModel } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, toErrorKind } from '../page/problems.ts'
import { client } from '../people/session.ts'

export interface ModelsView {
  /** The models stand in the order of the file, which is the order of their rules. */
  models: readonly ConfiguredModel[]
  analytics: Analytics | null
  trouble: ErrorKind | null
}

export const useConfigured = create<ModelsView>(() => ({ models: [], analytics: null, trouble: null }))

export async function loadConfigured(): Promise<void> {
  try {
    const [{ items: models }, analytics] = await Promise.all([client.configuredModels(), client.analytics()])
    useConfigured.setState({ models, analytics, trouble: null })
  } catch (error) {
    useConfigured.setState({ trouble: toErrorKind(error) })
  }
}
