import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { makeRouter } from './router.js'
import { websocket } from './services/websocket.js'
import './styles.css'

window.websocket = websocket

createApp(App).use(createPinia()).use(makeRouter()).mount('#app')
