import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { buildImage } from '@engineer-chat/proof'

// node packages/proof/bin/image.ts FOLDER: every step of deploy/Dockerfile as a plain command, packages installed anew.

const [into] = process.argv.slice(2)
if (into === undefined) {
  console.error('usage: node packages/proof/bin/image.ts FOLDER')
  process.exit(2)
}
mkdirSync(into) // A new folder holds only what the Dockerfile puts there.
const { folder, entrypoint, command } = buildImage({ targetFolder: resolve(into), linkPackages: false })
console.log(`Made in ${folder}; run there: ${[...entrypoint, ...command].join(' ')}`)
