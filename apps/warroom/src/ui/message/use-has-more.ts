import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

/**
 * Returns true as `hasMore` if a folded box hides a part of its content. A difference of 1 px does not count, because
 * it comes from rounding.
 */
export function useHasMore(isFolded: boolean): { box: RefObject<HTMLDivElement | null>; hasMore: boolean } {
  const box = useRef<HTMLDivElement>(null)
  const [hasMore, setHasMore] = useState(isFolded)
  useLayoutEffect(() => {
    const element = box.current
    if (!element || !isFolded) return
    const measure = () =>
      setHasMore(element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [isFolded])
  return { box, hasMore }
}
