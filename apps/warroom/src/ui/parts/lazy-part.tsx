import { type ReactNode, Suspense } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { ErrorBoundary } from './error-boundary.tsx'

interface Props {
  /** Holds parts of the page that `lazy` loads. */
  children: ReactNode
  /** Appears while the children load. */
  fallback: ReactNode
}

/** Shows a part that is loaded on demand. If loading fails, the rest of the page stays as it is. */
export const LazyPart = ({ children, fallback }: Props): ReactNode => (
  <ErrorBoundary fallback={<LoadFailure />}>
    <Suspense fallback={fallback}>{children}</Suspense>
  </ErrorBoundary>
)

/** Offers a reload, because after a deployment an old page may request files that no longer exist. */
function LoadFailure(): ReactNode {
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
