import { createRoot } from 'react-dom/client'
import { startSession } from './state/people/session.ts'
import { App } from './ui/page/app.tsx'
import './styles/tokens.css'
import './styles/base.css'
import './styles/shell.css'
import './styles/timeline.css'
import './styles/message.css'
import './styles/composer.css'
import './styles/dialogs.css'

const root = document.getElementById('root')
if (root) createRoot(root).render(<App />)
void startSession()
