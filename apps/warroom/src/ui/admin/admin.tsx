import { type ReactNode, useEffect } from 'react'
import { useAdminMessages } from '../../i18n/admin-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import { openQueueBoard } from '../../state/admin/queue-board.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { ADMIN_PAGES, type AdminPage, toAdminHash } from '../../state/page/route.ts'
import { showToast } from '../../state/page/toasts.ts'
import { updateView } from '../../state/page/view.ts'
import { useSignIn } from '../../state/people/sign-in.ts'
import { Icon } from '../parts/icon.tsx'
import { AnalyticsPage } from './analytics.tsx'
import { FlaggedPage } from './flagged.tsx'
import { ModelsPage } from './models.tsx'
import { UsersPage } from './users.tsx'
import './admin.css'
import './analytics.css'
import './models-and-flagged.css'

const PAGES: Record<AdminPage, () => ReactNode> = {
  users: UsersPage,
  models: ModelsPage,
  flagged: FlaggedPage,
  analytics: AnalyticsPage,
}

/** Shows the pages for administrators. Other users see a note instead, and the server refuses their requests. */
export default function AdminPages({ page }: { page: AdminPage }): ReactNode {
  const messages = useMessages()
  const t = useAdminMessages()
  const isAdmin = useSignIn(({ user }) => user?.role === 'admin')
  const Page = PAGES[page]
  useEffect(() => {
    document.title = `${t.tabs[page]} · Engineer Chat`
  }, [t, page])
  return (
    <main className="admin">
      <header>
        <button
          type="button"
          className="plain icon-only narrow-only"
          aria-label={messages.events}
          onClick={() => updateView({ isSidebarOpen: true })}
        >
          <Icon name="menu" />
        </button>
        <h1>{t.tabs[page]}</h1>
        <nav aria-label={messages.administration}>
          {ADMIN_PAGES.map((name) => (
            <a key={name} href={toAdminHash(name)} aria-current={name === page ? 'page' : undefined}>
              {t.tabs[name]}
            </a>
          ))}
          {isAdmin && <QueueBoardButton />}
        </nav>
      </header>
      {isAdmin ? <Page /> : <p className="quiet">{t.only_admins}</p>}
    </main>
  )
}

/** Opens the queue board, which is a separate page, in another tab. */
function QueueBoardButton(): ReactNode {
  const messages = useMessages()
  const t = useAdminMessages()
  const openBoard = () =>
    openQueueBoard().catch((error: unknown) => showToast(messages.errorText[toErrorKind(error)].cause, 'bad'))
  return (
    <button type="button" className="plain" title={t.open_queues} onClick={() => void openBoard()}>
      {t.queues} <Icon name="outside" />
    </button>
  )
}
