import type { Model } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { findModelRestriction, mayChooseModel } from '../../text/tlp.ts'
import { createLoadOrder } from '../page/load-order.ts'
import { client } from '../people/sign-in.ts'
import { getRoom, useRoom } from '../rooms/rooms.ts'

/** Holds the offered models, and the id of the model for the next questions; if it is undefined, the server chooses. */
export const useModels = create<{ models: readonly Model[]; chosenId: string | undefined }>(() => ({
  models: [],
  chosenId: undefined,
}))

const registerLoad = createLoadOrder()

export async function loadModels(): Promise<void> {
  const isNewestResult = registerLoad()
  const { items: models } = await client.listModels()
  if (!isNewestResult()) return
  const isOffered = (id: string | undefined) => models.some((model) => model.id === id)
  useModels.setState(({ chosenId }) => ({ models, chosenId: isOffered(chosenId) ? chosenId : undefined }))
}

export const chooseModel = (id: string): void => useModels.setState({ chosenId: id === '' ? undefined : id })

/** Returns the id of the chosen model. If the event's TLP label forbids it, returns undefined: the server chooses. */
export function getChosenModel(event_id: string): string | undefined {
  const { models, chosenId } = useModels.getState()
  const tlp = getRoom(event_id).state.event?.tlp
  return models.some((model) => model.id === chosenId && mayChooseModel(model, tlp)) ? chosenId : undefined
}

/** Says whether the AI can be asked in a room, and whether only models that may read TLP:RED answer there. */
export function useModelRestriction(event_id: string): ReturnType<typeof findModelRestriction> {
  const tlp = useRoom(event_id, ({ event }) => event?.tlp)
  return findModelRestriction(
    useModels(({ models }) => models),
    tlp,
  )
}
