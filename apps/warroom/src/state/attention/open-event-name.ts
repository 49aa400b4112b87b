import { create } from 'zustand'

/** Holds the name of the open event, for the title of the browser's tab. */
const useOpenEventNameStore = create<{ name: string }>(() => ({ name: '' }))

export const setOpenEventName = (name: string): void => useOpenEventNameStore.setState({ name })
export const useOpenEventName = (): string => useOpenEventNameStore(({ name }) => name)
