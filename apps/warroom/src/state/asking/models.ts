import type { Model } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { client } from '../people/session.ts'

/** Holds the offered models and the model for the next questions; the server chooses if it is undefined. */
export const useModels = create<{ models: readonly Model[]; chosen: string | undefined }>(() => ({
  models: [],
  chosen: undefined,
}))

export async function loadModels(): Promise<void> {
  const { items: models } = await client.models()
  const isOffered = (id: string | undefined) => models.some((model) => model.id === id)
  useModels.setState(({ chosen }) => ({ models, chosen: isOffered(chosen) ? chosen : undefined }))
}

export const chooseModel = (id: string): void => useModels.setState({ chosen: id === '' ? undefined : id })
