import { markDeceptive } from '@engineer-chat/markdown'
import type { User } from '@engineer-chat/protocol'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { useEvents } from '../../state/events/events.ts'
import { navigate, toEventHash } from '../../state/page/route.ts'
import { updateView } from '../../state/page/view.ts'
import { toShownValue } from '../../text/indicator-value.ts'
import { listCommands } from '../composer/commands.ts'
import { useFoundIndicators } from '../indicators/use-found-indicators.ts'
import { focusElement } from '../parts/focus.ts'
import { Icon } from '../parts/icon.tsx'

interface PaletteEntry {
  key: string
  label: string
  hint: string
  run(): void
}

const MAX_SHOWN_EVENTS_AND_COMMANDS = 40

/** Shows the command palette. It finds events and commands by their names, and indicators in all rooms. */
export function Palette({ user, event_id }: { user: User; event_id: string }): ReactNode {
  const t = useMessages()
  const frame = useRef<HTMLDialogElement>(null)
  const [text, setText] = useState('')
  const [chosenIndex, setChosenIndex] = useState(0)
  const entries = [...useEventAndCommandEntries(user, event_id, text), ...useIndicatorEntries(text)]
  // Entries may have disappeared since the choice. Without entries this index is -1.
  const activeIndex = Math.min(chosenIndex, entries.length - 1)
  useEffect(() => frame.current?.showModal(), [])
  const close = () => updateView({ isPaletteOpen: false })
  const run = (entry: PaletteEntry | undefined) => {
    close()
    entry?.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown') setChosenIndex(Math.min(activeIndex + 1, entries.length - 1))
    else if (event.key === 'ArrowUp') setChosenIndex(Math.max(activeIndex - 1, 0))
    else if (event.key === 'Enter') run(entries[activeIndex])
    else return
    event.preventDefault()
  }
  return (
    <dialog ref={frame} className="dialog palette" aria-label={t.palette} onClose={close}>
      <label className="filter">
        <Icon name="search" />
        <input
          ref={focusElement}
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={activeIndex >= 0 ? `palette-${activeIndex}` : undefined}
          aria-label={t.palette}
          placeholder={t.palette_hint}
          value={text}
          onChange={({ target }) => {
            setText(target.value)
            setChosenIndex(0)
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      <div id="palette-list" role="listbox" aria-label={t.palette}>
        {entries.map((entry, entryIndex) => (
          <div
            tabIndex={-1}
            key={entry.key}
            id={`palette-${entryIndex}`}
            role="option"
            aria-selected={entryIndex === activeIndex}
            onPointerDown={() => run(entry)}
          >
            <span>{entry.label}</span>
            <span className="quiet">{entry.hint}</span>
          </div>
        ))}
      </div>
    </dialog>
  )
}

function useIndicatorEntries(text: string): PaletteEntry[] {
  const t = useMessages()
  return useFoundIndicators(text).map(({ type, value, event_id, event_name, count }) => ({
    key: `${event_id} ${type} ${value}`,
    label: toShownValue(type, value),
    hint: `${markDeceptive(event_name)} · ${t.indicator_places(count)}`,
    run: () => {
      navigate(toEventHash(event_id))
      updateView({ isDetailsOpen: true, tab: 'indicators' })
    },
  }))
}

function useEventAndCommandEntries(user: User, event_id: string, text: string): PaletteEntry[] {
  const t = useMessages()
  const { events } = useEvents()
  const entries: PaletteEntry[] = [
    ...events.map((event) => ({
      key: event.event_id,
      label: markDeceptive(event.event_name),
      hint: `${t.severity[event.severity]} · ${t.status[event.event_status]}`,
      run: () => navigate(toEventHash(event.event_id)),
    })),
    ...listCommands(t).map((command) => ({
      key: `/${command.key}`,
      label: command.description,
      hint: `/${command.word}`,
      run: () => command.run({ user, event_id }),
    })),
  ]
  const searchText = text.trim().toLowerCase()
  return entries
    .filter(({ label, hint }) => `${label} ${hint}`.toLowerCase().includes(searchText))
    .slice(0, MAX_SHOWN_EVENTS_AND_COMMANDS)
}
