import { updateView } from '../../state/page/view.ts'

/** The style sheet `narrow-screens.css` has the same width. */
const DETAILS_COVER_ROOM = '(max-width: 1080px)'

/** Closes the details on screens where they cover the room, so that the target of a link is visible. */
export function closeDetailsOverRoom(): void {
  if (matchMedia(DETAILS_COVER_ROOM).matches) updateView({ isDetailsOpen: false })
}
