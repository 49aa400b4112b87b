import { useEffect, useMemo } from 'react'
import { countAttention } from '../../state/attention/count.ts'
import { toFaviconUrl } from '../../state/attention/favicon.ts'
import { useOpenEventName } from '../../state/attention/open-event-name.ts'
import { toTabTitle } from '../../state/attention/title.ts'
import { useEvents } from '../../state/events/events.ts'

/** Shows the unread counts in the tab's title and icon, because the reader may be looking at another tab. */
export function useUnreadCountsInTab(): void {
  const name = useOpenEventName()
  const events = useEvents((state) => state.events)
  const attention = useMemo(() => countAttention(events), [events])
  const title = toTabTitle(name, attention)
  const icon = toFaviconUrl(attention)
  useEffect(() => {
    document.title = title
  }, [title])
  useEffect(() => {
    document.querySelector('link[rel=icon]')?.setAttribute('href', icon)
  }, [icon])
}
