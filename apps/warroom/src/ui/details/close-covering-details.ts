import { updateView } from '../../state/page/view.ts'

const COVERS_ROOM = '(max-width: 1080px)'

/** Closes the details where they cover the room to which a link leads. */
export function closeCoveringDetails(): void {
  if (matchMedia(COVERS_ROOM).matches) updateView({ isDetailsOpen: false })
}
