import { isThinking } from '@engineer-chat/client'
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { VListHandle } from 'virtua'
import { onReset, showMessage } from '../../state/rooms/rooms.ts'
import { useSentCount } from '../../state/rooms/sent.ts'
import type { TimelineRow } from '../../state/rooms/timeline-rows.ts'
import { ReadingPlace } from './reading-place.ts'

/** Creates the place once; each list that is drawn anew is attached to it. */
export function useReadingPlace(
  box: RefObject<HTMLElement | null>,
  rows: TimelineRow[],
  generation: number,
  hasTarget: boolean,
) {
  const [place] = useState(() => new ReadingPlace(!hasTarget))
  const drawnRows = useRef(rows)
  useLayoutEffect(() => {
    drawnRows.current = rows
  }, [rows])
  useLayoutEffect(() => {
    const scroller = box.current?.querySelector<HTMLElement>('.rows')
    return scroller && generation >= 0 ? place.attach(scroller) : undefined
  }, [place, box, generation])
  return { place, drawnRows }
}

/** Restores the place after rows have changed, and after a scroll, because a reader who scrolls isn't moved. */
export function useSettling(place: ReadingPlace, rows: TimelineRow[], settle: () => void): void {
  useLayoutEffect(() => {
    place.onScrollEnd = settle
    if (rows.length > 0) settle()
  }, [place, rows, settle])
}

/** Scrolls to the list's estimate of the anchor's position, when none of the anchor's rows is drawn. */
export function approachAnchor(place: ReadingPlace, list: VListHandle | null, rows: readonly TimelineRow[]): void {
  const indexes = new Map(rows.map(({ key }, index) => [key, index]))
  const drawnRow = place.rows.find(({ key }) => indexes.has(key))
  if (drawnRow) place.approach((list?.getItemOffset(indexes.get(drawnRow.key) ?? 0) ?? 0) - drawnRow.offset)
}

/** Lets the place know the answer that grows at the end, and follow it until its question reaches the upper edge. */
export function useFollowing(place: ReadingPlace, rows: TimelineRow[], onStopFollowing: () => void): void {
  const growingKey = useRef<string>(undefined)
  useLayoutEffect(() => {
    place.onStopFollowing = onStopFollowing
  })
  const last = rows.at(-1)
  const answer = last?.kind === 'message' ? last.message : undefined
  // An answer that has ended grows once more, by its foot.
  if (answer && isThinking(answer)) growingKey.current = answer.message_id
  useLayoutEffect(() => {
    const isGrowing = answer !== undefined && answer.message_id === growingKey.current
    place.findGrowingAnswer = () =>
      isGrowing ? { questionKey: answer.reply_to ?? '', answerKey: answer.message_id } : undefined
  }, [place, answer])
}

/** Loads the reader's place after a reset, which drops the loaded rows. */
export function useReturnAfterReset(place: ReadingPlace, drawnRows: RefObject<TimelineRow[]>, event_id: string): void {
  useEffect(
    () =>
      onReset(event_id, () => {
        if (place.isAtEnd) return
        const isMessage = (key: string) => drawnRows.current.some((row) => row.key === key && row.kind === 'message')
        const first = place.rows.find(({ key }) => isMessage(key))
        if (first) void showMessage(event_id, first.key).catch(() => {})
      }),
    [place, drawnRows, event_id],
  )
}

/** Moves to the end for the reader's own new message, wherever the reader was. */
export function useOwnMessages(place: ReadingPlace, event_id: string): void {
  const count = useSentCount(event_id)
  const before = useRef(count)
  useLayoutEffect(() => {
    if (before.current !== count) place.isAtEnd = true
    before.current = count
  }, [place, count])
}
