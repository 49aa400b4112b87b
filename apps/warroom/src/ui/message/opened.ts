import { create } from 'zustand'

/** Remembers what is open, because a row that scrolls out of view is mounted anew when it comes back. */
const useAll = create<Record<string, boolean>>(() => ({}))

export function useExpanded(key: string, atFirst = false): [boolean, (opened: boolean) => void] {
  const opened = useAll((all) => all[key] ?? atFirst)
  return [opened, (next) => useAll.setState({ [key]: next })]
}
