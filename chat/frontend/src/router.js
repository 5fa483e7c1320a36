/** Addresses to views; whoever is not signed in is sent to the sign-in form. */
import { createRouter, createWebHistory } from 'vue-router'
import { useSession } from './stores/session.js'
import ChatsView from './views/ChatsView.vue'
import LoginView from './views/LoginView.vue'

const routes = [
  { path: '/login', name: 'login', component: LoginView, meta: { open: true } },
  { path: '/register', name: 'register', component: LoginView, meta: { open: true } },
  { path: '/', name: 'home', component: ChatsView },
  { path: '/chats/:id(\\d+)', name: 'chat', component: ChatsView },
  { path: '/:rest(.*)', redirect: '/' },
]

export function makeRouter(history = createWebHistory()) {
  const router = createRouter({ history, routes })
  router.beforeEach((to) => {
    const { signedIn } = useSession()
    if (!signedIn && !to.meta.open) return { name: 'login', query: to.path === '/' ? {} : { next: to.path } }
    if (signedIn && to.meta.open) return { name: 'home' }
    return true
  })
  return router
}
