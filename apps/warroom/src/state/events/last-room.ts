import { readStored, store } from '../page/storage.ts'

/** A sign-out does not remove this key, because it holds only an id and no text that was written. */
const toLastRoomKey = (user_id: string): string => `ec/last-room/${user_id}`

export const rememberLastRoom = (user_id: string, event_id: string): void => store(toLastRoomKey(user_id), event_id)

export const findLastRoom = (user_id: string): string | undefined => readStored<string>(toLastRoomKey(user_id))
