import { create } from 'zustand'

/** Holds the name of the open event, for the title of the browser's tab. */
const usePageNameStore = create<{ name: string }>(() => ({ name: '' }))

export const setOpenEventName = (name: string): void => usePageNameStore.setState({ name })
export const useOpenEventName = (): string => usePageNameStore(({ name }) => name)
