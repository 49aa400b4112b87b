import { type ReactNode, Suspense } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { ErrorBoundary } from './error-boundary.tsx'

interface Props {
  /** Parts of the page that `lazy` loads. */
  children: ReactNode
  /** Is shown while they load. */
  fallback: ReactNode
}

/** Shows what is loaded on demand. A part that can't be loaded leaves the rest of the page as it is. */
export const Lazily = ({ children, fallback }: Props): ReactNode => (
  <ErrorBoundary fallback={<NotLoaded />}>
    <Suspense fallback={fallback}>{children}</Suspense>
  </ErrorBoundary>
)

/** After a deploy an old page asks for files that may be gone, which a reload mends. */
function NotLoaded(): ReactNode {
  const t = useMessages()
  return (
    <div className="not-loaded" role="alert">
      <p>{t.part_not_loaded}</p>
      <button type="button" onClick={() => location.reload()}>
        {t.reload_page}
      </button>
    </div>
  )
}
