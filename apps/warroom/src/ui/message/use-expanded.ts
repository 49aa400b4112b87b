import { create } from 'zustand'

/** Remembers which parts are unfolded, because a row is unmounted when it scrolls out of view. */
const useExpandedKeys = create<Record<string, boolean>>(() => ({}))

/** Returns whether a part is unfolded, and the function that changes this. */
export function useExpanded(key: string, isExpandedAtFirst = false): [boolean, (isExpanded: boolean) => void] {
  const isExpanded = useExpandedKeys((expandedByKey) => expandedByKey[key] ?? isExpandedAtFirst)
  return [isExpanded, (newValue) => useExpandedKeys.setState({ [key]: newValue })]
}
