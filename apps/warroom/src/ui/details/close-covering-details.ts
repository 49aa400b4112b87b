import { show } from '../../state/page/view.ts'

const COVERS_ROOM = '(max-width: 1080px)'

/** Where the details lie over the room, a link into the room gets them out of the way. */
export function closeCoveringDetails(): void {
  if (matchMedia(COVERS_ROOM).matches) show({ details: false })
}
