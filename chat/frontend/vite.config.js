import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

/** One build serves any address: what `import.meta.env` would burn in is read from /env.js when the page starts. */
const RUN_TIME_ADDRESSES = {
  'import.meta.env.VITE_API_URL': 'window.__ENV__.VITE_API_URL',
  'import.meta.env.VITE_WS_URL': 'window.__ENV__.VITE_WS_URL',
}

export default defineConfig(({ command }) => ({
  plugins: [vue({ features: { optionsAPI: false } })],
  define: command === 'build' ? RUN_TIME_ADDRESSES : {},
  build: { target: 'es2022', modulePreload: { polyfill: false }, reportCompressedSize: false },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.js'],
    setupFiles: ['tests/setup.js'],
    restoreMocks: true,
    unstubGlobals: true,
  },
}))
