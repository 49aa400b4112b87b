import { BEACON } from './beacon.ts'
import type { DemoEvent } from './seed-event.ts'
import { WEB_SHELL } from './web-shell.ts'

/** `npm run ask` asks in the first event. */
export const DEMO_EVENTS: DemoEvent[] = [BEACON, WEB_SHELL]
