import { BEACON } from './beacon.ts'
import type { DemoEvent } from './seed-event.ts'
import { WEB_SHELL } from './web-shell.ts'

/** The first one is where `npm run ask` asks. */
export const DEMO_EVENTS: DemoEvent[] = [BEACON, WEB_SHELL]
