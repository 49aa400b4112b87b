import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

interface Lines {
  hiddenLines: number
  totalLines: number
}

/**
 * Counts the lines of a box, and the hidden ones while it is folded. `isMeasured` is false for a growing box, because
 * measuring it at each change is slow.
 */
export function useHiddenLines(
  isFolded: boolean,
  isMeasured: boolean,
): Lines & { box: RefObject<HTMLDivElement | null> } {
  const box = useRef<HTMLDivElement>(null)
  const [lines, setLines] = useState<Lines>({ hiddenLines: 0, totalLines: 0 })
  useLayoutEffect(() => {
    const element = box.current
    if (!element || !isMeasured) return
    const measure = () => {
      // The line height may be the word `normal`. The visible part of the box then counts as one line.
      const lineHeightPx = Number.parseFloat(getComputedStyle(element).lineHeight) || element.clientHeight
      const hiddenPx = isFolded ? element.scrollHeight - element.clientHeight : 0
      const measured = {
        // Rounding may make the two heights differ by 1 px although no line is hidden.
        hiddenLines: hiddenPx > 1 ? Math.max(1, Math.round(hiddenPx / lineHeightPx)) : 0,
        totalLines: Math.round(element.scrollHeight / lineHeightPx),
      }
      setLines((previous) => {
        const isSame = previous.hiddenLines === measured.hiddenLines && previous.totalLines === measured.totalLines
        return isSame ? previous : measured // The same object causes no rendering.
      })
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [isFolded, isMeasured])
  return { box, ...lines }
}
