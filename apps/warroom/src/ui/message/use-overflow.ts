import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

/**
 * Says whether the content of a folded box overflows, so that a part of it is hidden. A difference of 1 px does not
 * count, because it comes from rounding.
 */
export function useOverflow(isFolded: boolean): { box: RefObject<HTMLDivElement | null>; overflows: boolean } {
  const box = useRef<HTMLDivElement>(null)
  const [overflows, setOverflows] = useState(isFolded)
  useLayoutEffect(() => {
    const element = box.current
    if (!element || !isFolded) return
    const measure = () =>
      setOverflows(element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [isFolded])
  return { box, overflows }
}
