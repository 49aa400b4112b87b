import { show } from '../../state/page/view.ts'

const COVERS = '(max-width: 1080px)'

/** Where the details lie over the room, a link into the room gets them out of the way. */
export function jumped(): void {
  if (matchMedia(COVERS).matches) show({ details: false })
}
