// This file is plain JavaScript, because Node loads it before every other file. To learn the format of a file, Node 24
// parses the package.json above it, and repeats this for each file. The package.json of drizzle-orm has 150 KB, so the
// import of drizzle-orm took half a second of processor time and 250 MiB of memory. These hooks tell Node the format,
// and resolve each entry of the package only once.
import { registerHooks } from 'node:module'

const entries = new Map()

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier.startsWith('.') && context.parentURL?.includes('/node_modules/drizzle-orm/')) {
      return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
    }
    if (!/^drizzle-orm(\/|$)/.test(specifier) || !context.conditions.includes('import')) {
      return nextResolve(specifier, context)
    }
    const entry = entries.get(specifier) ?? { ...nextResolve(specifier, context), shortCircuit: true }
    entries.set(specifier, entry)
    return entry
  },
})
