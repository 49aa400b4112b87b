import { create } from 'zustand'

/** Holds the name of the open event, for the document's title. */
const usePageName = create<{ name: string }>(() => ({ name: '' }))

export const setPageName = (name: string): void => usePageName.setState({ name })
export const useNameOfPage = (): string => usePageName(({ name }) => name)
