import { isThinking } from '@engineer-chat/client'
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { VListHandle } from 'virtua'
import { showAround, subscribeToResets } from '../../../state/rooms/rooms.ts'
import { useSentCount } from '../../../state/rooms/sent.ts'
import type { TimelineRow } from '../../../state/rooms/timeline-rows.ts'
import { ReadingPlace } from './reading-place.ts'

/** Creates the reading place once, and attaches it to each new list element. */
export function useReadingPlace(
  container: RefObject<HTMLElement | null>,
  rows: TimelineRow[],
  generation: number,
  hasTarget: boolean,
) {
  const [readingPlace] = useState(() => new ReadingPlace(!hasTarget))
  const renderedRows = useRef(rows)
  useLayoutEffect(() => {
    renderedRows.current = rows
  }, [rows])
  useLayoutEffect(() => {
    const scroller = container.current?.querySelector<HTMLElement>('.rows')
    // Each generation has its own list element, so the effect must run again. `generation >= 0` is always true. It is
    // here only because the linter accepts no dependency that the effect does not use.
    return scroller && generation >= 0 ? readingPlace.attach(scroller) : undefined
  }, [readingPlace, container, generation])
  return { readingPlace, renderedRows }
}

/** Restores the place when rows have changed, and when scrolling ends, because `restore` may do nothing before that. */
export function useRestoredPlace(readingPlace: ReadingPlace, rows: TimelineRow[], restorePlace: () => void): void {
  useLayoutEffect(() => {
    readingPlace.onScrollEnd = restorePlace
    if (rows.length > 0) restorePlace()
  }, [readingPlace, rows, restorePlace])
}

/** Scrolls to the list's estimate of the anchor's position, if none of the anchor's rows is rendered. */
export function approachAnchor(
  readingPlace: ReadingPlace,
  list: VListHandle | null,
  rows: readonly TimelineRow[],
): void {
  const indexes = new Map(rows.map(({ key }, index) => [key, index]))
  const listedRow = readingPlace.anchorRows.find(({ key }) => indexes.has(key))
  if (!listedRow) return
  const rowTopPx = list?.getItemOffset(indexes.get(listedRow.key) ?? 0) ?? 0
  readingPlace.approach(rowTopPx - listedRow.offsetPx)
}

/** Follows the answer that grows at the end until its question, or its own beginning, reaches the list's upper edge. */
export function useFollowGrowingAnswer(
  readingPlace: ReadingPlace,
  rows: TimelineRow[],
  onStopFollowing: () => void,
): void {
  const growingAnswerKey = useRef<string>(undefined)
  useLayoutEffect(() => {
    readingPlace.onStopFollowing = onStopFollowing
  })
  const lastRow = rows.at(-1)
  const answer = lastRow?.kind === 'message' ? lastRow.message : undefined
  // An answer that has just finished also counts, because its foot is added then and makes it taller.
  if (answer && isThinking(answer)) growingAnswerKey.current = answer.message_id
  useLayoutEffect(() => {
    const isGrowing = answer !== undefined && answer.message_id === growingAnswerKey.current
    readingPlace.findGrowingAnswer = () =>
      isGrowing ? { questionKey: answer.reply_to ?? '', answerKey: answer.message_id } : undefined
  }, [readingPlace, answer])
}

/** Loads the rows at the reader's place again after a reset, which drops the loaded rows. */
export function useReturnAfterReset(
  readingPlace: ReadingPlace,
  renderedRows: RefObject<TimelineRow[]>,
  event_id: string,
): void {
  useEffect(
    () =>
      subscribeToResets(event_id, () => {
        if (readingPlace.followsEnd) return
        const isMessage = (key: string) => renderedRows.current.some((row) => row.key === key && row.kind === 'message')
        const firstMessage = readingPlace.anchorRows.find(({ key }) => isMessage(key))
        if (firstMessage) void showAround(event_id, firstMessage.key).catch(() => {})
      }),
    [readingPlace, renderedRows, event_id],
  )
}

/** Moves to the end when the reader sends a message, from any place in the room. */
export function useEndAfterSending(readingPlace: ReadingPlace, event_id: string): void {
  const sentCount = useSentCount(event_id)
  const lastSentCount = useRef(sentCount)
  useLayoutEffect(() => {
    if (lastSentCount.current !== sentCount) readingPlace.followsEnd = true
    lastSentCount.current = sentCount
  }, [readingPlace, sentCount])
}
