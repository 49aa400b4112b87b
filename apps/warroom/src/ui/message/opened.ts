import { create } from 'zustand'

/** A row that scrolled away is drawn anew when it comes back: what was opened stays open. */
const useAll = create<Record<string, boolean>>(() => ({}))

export function useExpanded(key: string, atFirst = false): [boolean, (opened: boolean) => void] {
  const opened = useAll((all) => all[key] ?? atFirst)
  return [opened, (next) => useAll.setState({ [key]: next })]
}
