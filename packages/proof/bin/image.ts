import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { buildImage } from '@engineer-chat/proof'

// This program runs every step of deploy/Dockerfile as a plain command, and installs all packages.

const [folderArgument] = process.argv.slice(2)
if (folderArgument === undefined) {
  console.error('usage: node packages/proof/bin/image.ts FOLDER')
  process.exit(2)
}
mkdirSync(folderArgument) // It fails if the folder exists, because the image must hold only what the Dockerfile puts there.
const { folder, entrypoint, command } = buildImage({ targetFolder: resolve(folderArgument), linkPackages: false })
console.log(`Built in ${folder}; run there: ${[...entrypoint, ...command].join(' ')}`)
