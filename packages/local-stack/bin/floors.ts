import { readCommand } from '@engineer-chat/process/commands'
import { writeFloors } from '../src/checks/floors.ts'

// npm run floors: writes what floors.json says into .biome.jsonc; `npm run format` lays it out.
readCommand('floors')
writeFloors()
