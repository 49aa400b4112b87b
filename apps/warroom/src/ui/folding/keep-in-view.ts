import { flushSync } from 'react-dom'

/** Folds a message. If its beginning is above the list's view, it is scrolled there, so that the reader stays at it. */
export function foldInView(button: HTMLElement, fold: () => void): void {
  const article = button.closest('article')
  flushSync(fold)
  if (article && isAboveView(article)) article.scrollIntoView({ block: 'start' })
}

const isAboveView = (article: Element): boolean => {
  const top = article.closest('.rows')?.getBoundingClientRect().top ?? 0
  return article.getBoundingClientRect().top < top
}

/** Unfolds a folded box that was scrolled, because the browser's search or the focus has gone to what it hides. */
export function unfoldScrolled(box: HTMLElement, unfold: () => void): void {
  if (box.scrollTop === 0 && box.scrollLeft === 0) return
  box.scrollTo(0, 0)
  unfold()
}
