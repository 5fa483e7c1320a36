window.__ENV__ = { VITE_API_URL: 'http://localhost:8000/api', VITE_WS_URL: 'ws://localhost:8000' }
