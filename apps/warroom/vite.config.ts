import { defineConfig } from 'vite'
import { createCompressPlugin } from './bin/compress-plugin.ts'

export default defineConfig({
  root: import.meta.dirname,
  // The root's node_modules contain another React, for the test runner. All code of the page uses this folder's React.
  resolve: { dedupe: ['react', 'react-dom'] },
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // All code of the first view is in one file, because it compresses better than several small files.
      output: { codeSplitting: { groups: [{ name: 'first-view', tags: ['$initial'] }] } },
      // The schemas of the protocol are removed, because the page does not use them.
      treeshake: {
        propertyReadSideEffects: false,
        manualPureFunctions: ['Type', 'Nullable', 'createFrameType'],
        moduleSideEffects: [{ test: /packages\/(protocol|client)\/src|typebox/, sideEffects: false }],
      },
      // Hides one kind of warning: the modules of virtua begin with 'use client', which has no effect here.
      onwarn(warning, warn) {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning)
      },
    },
  },
  plugins: [createCompressPlugin()],
})
