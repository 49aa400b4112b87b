import { execFileSync } from 'node:child_process'
import { readCommand } from '@engineer-chat/process/commands'
import { writeFloors } from '../src/checks/floors.ts'

// npm run floors: updates .biome.jsonc and CONTRIBUTING.md from floors.json, and formats .biome.jsonc.
readCommand('floors')
writeFloors()
execFileSync('biome', ['format', '--write', '.biome.jsonc'], { stdio: 'inherit' })
