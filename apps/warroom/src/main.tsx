import { createRoot } from 'react-dom/client'
import { loadMessages } from './i18n/index.ts'
import { useSettings } from './state/page/settings.ts'
import { restoreSignIn } from './state/people/sign-in.ts'
import { App } from './ui/page/app.tsx'
import './styles/tokens.css'
import './styles/base.css'
import './styles/parts.css'
import './styles/sidebar.css'
import './styles/event-list.css'
import './styles/room.css'
import './styles/event-controls.css'
import './styles/details.css'
import './styles/narrow-screens.css'
import './styles/timeline.css'
import './styles/skeleton.css'
import './styles/messages/message.css'
import './styles/messages/mentions.css'
import './styles/messages/prose.css'
import './styles/messages/code.css'
import './styles/messages/tables.css'
import './styles/messages/agents.css'
import './styles/messages/reply.css'
import './styles/messages/citations.css'
import './styles/messages/folded-answer.css'
import './styles/messages/message-states.css'
import './styles/composer.css'
import './styles/starters.css'
import './styles/recipient.css'
import './styles/messages/quotes.css'
import './styles/dialogs.css'
import './styles/indicators.css'
import './styles/notifications.css'

const LOAD_ERROR_TEXT = 'The page could not be loaded. Reload it, please. 页面未能加载，请刷新。'

const root = document.getElementById('root')
// The sign-in and the page's texts in the chosen language load at the same time, so that the page appears sooner.
void restoreSignIn()
loadMessages(useSettings.getState().language).then(
  () => root && createRoot(root).render(<App />),
  () => root?.replaceChildren(LOAD_ERROR_TEXT),
)
