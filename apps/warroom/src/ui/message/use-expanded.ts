import { create } from 'zustand'

/** Remembers what is open, because a row that scrolls out of view is mounted anew when it comes back. */
const useExpandedKeys = create<Record<string, boolean>>(() => ({}))

export function useExpanded(key: string, isExpandedAtFirst = false): [boolean, (isExpanded: boolean) => void] {
  const isExpanded = useExpandedKeys((all) => all[key] ?? isExpandedAtFirst)
  return [isExpanded, (next) => useExpandedKeys.setState({ [key]: next })]
}
