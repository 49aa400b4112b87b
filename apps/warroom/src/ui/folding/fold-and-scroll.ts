import { flushSync } from 'react-dom'

/** Folds a message. If its beginning is above the view, scrolls to the beginning, so that the message stays in view. */
export function foldAndScroll(button: HTMLElement, fold: () => void): void {
  const article = button.closest('article')
  flushSync(fold)
  if (article && isAboveView(article)) article.scrollIntoView({ block: 'start' })
}

const isAboveView = (article: Element): boolean => {
  const listTopPx = article.closest('.rows')?.getBoundingClientRect().top ?? 0
  return article.getBoundingClientRect().top < listTopPx
}

/** Unfolds a box that has been scrolled while folded: the browser's search or the focus has reached its hidden part. */
export function unfoldIfScrolled(box: HTMLElement, unfold: () => void): void {
  if (box.scrollTop === 0 && box.scrollLeft === 0) return
  box.scrollTo(0, 0)
  unfold()
}
