import type { Model } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { client } from '../people/sign-in.ts'

/** Holds the offered models and the model for the next questions; the server chooses if it is undefined. */
export const useModels = create<{ models: readonly Model[]; chosenId: string | undefined }>(() => ({
  models: [],
  chosenId: undefined,
}))

export async function loadModels(): Promise<void> {
  const { items: models } = await client.listModels()
  const isOffered = (id: string | undefined) => models.some((model) => model.id === id)
  useModels.setState(({ chosenId }) => ({ models, chosenId: isOffered(chosenId) ? chosenId : undefined }))
}

export const chooseModel = (id: string): void => useModels.setState({ chosenId: id === '' ? undefined : id })
