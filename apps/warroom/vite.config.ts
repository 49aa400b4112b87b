import { defineConfig } from 'vite'
import { createCompressPlugin } from './bin/compress-plugin.ts'

export default defineConfig({
  root: import.meta.dirname,
  // The root's node_modules holds the React that the test runner brings; the page's own is nearer to this folder.
  resolve: { dedupe: ['react', 'react-dom'] },
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // One file of all that the first view needs is smaller, compressed, than many that parts loaded later share.
      output: { codeSplitting: { groups: [{ name: 'first-view', tags: ['$initial'] }] } },
      // The page needs no schemas.
      treeshake: {
        propertyReadSideEffects: false,
        manualPureFunctions: ['Type', 'Nullable', 'createFrameType'],
        moduleSideEffects: [{ test: /packages\/(protocol|client)\/src|typebox/, sideEffects: false }],
      },
      onwarn: (warning, warn) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning), // virtua's modules begin with 'use client'.
    },
  },
  plugins: [createCompressPlugin()],
})
