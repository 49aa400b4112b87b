import { createRoot } from 'react-dom/client'
import { restoreSignIn } from './state/people/sign-in.ts'
import { App } from './ui/page/app.tsx'
import './styles/tokens.css'
import './styles/base.css'
import './styles/parts.css'
import './styles/sidebar.css'
import './styles/event-list.css'
import './styles/room.css'
import './styles/details.css'
import './styles/narrow-screens.css'
import './styles/timeline.css'
import './styles/message.css'
import './styles/mentions.css'
import './styles/prose.css'
import './styles/reply.css'
import './styles/message-states.css'
import './styles/composer.css'
import './styles/recipient.css'
import './styles/dialogs.css'

const root = document.getElementById('root')
if (root) createRoot(root).render(<App />)
void restoreSignIn()
