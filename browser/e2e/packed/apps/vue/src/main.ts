import { install } from 'prefetchrouter/window';
import { createApp } from 'vue';
import { createRouter, createWebHistory } from 'vue-router';
import App from './App.vue';
import Product from './Product.vue';
import Products from './Products.vue';

if (import.meta.env.PROD) void install();

const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', component: Products },
    { path: '/products/:id', name: 'product', component: Product, props: true },
    { path: '/terms.html', name: 'terms', component: { render: () => null } },
  ],
});
createApp(App).use(router).mount('#app');
