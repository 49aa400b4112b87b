import { createRoot } from 'react-dom/client'
import { begin } from './state/session.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/shell.css'
import './styles/timeline.css'
import './styles/message.css'
import './styles/composer.css'
import './styles/dialogs.css'
import { App } from './ui/app.tsx'

const root = document.getElementById('root')
if (root) createRoot(root).render(<App />)
void begin()
