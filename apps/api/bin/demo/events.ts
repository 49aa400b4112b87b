import { BEACON } from './beacon.ts'
import type { DemoEvent } from './seed-event.ts'
import { WEB_SHELL } from './web-shell.ts'

/** `npm run ask` asks its question in the first of these events. */
export const DEMO_EVENTS: DemoEvent[] = [BEACON, WEB_SHELL]
