import { defineConfig } from 'vite'
import { createCompressPlugin } from './bin/compress-plugin.ts'

export default defineConfig({
  root: import.meta.dirname,
  // The node_modules of the root contain the React of the test runner. The page's own React is nearer to this folder.
  resolve: { dedupe: ['react', 'react-dom'] },
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // All code of the first view is in one file, because one compressed file is smaller than many shared ones.
      output: { codeSplitting: { groups: [{ name: 'first-view', tags: ['$initial'] }] } },
      // The schemas of the protocol are removed, because the page does not use them.
      treeshake: {
        propertyReadSideEffects: false,
        manualPureFunctions: ['Type', 'Nullable', 'createFrameType'],
        moduleSideEffects: [{ test: /packages\/(protocol|client)\/src|typebox/, sideEffects: false }],
      },
      // The modules of virtua begin with 'use client', which causes this warning.
      onwarn: (warning, warn) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning),
    },
  },
  plugins: [createCompressPlugin()],
})
