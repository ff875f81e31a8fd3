/** Two router links: one prefetches the page's API call, the other where the link leads. */

import Prefetch from 'prefetchrouter/vue/Prefetch';
import { install } from 'prefetchrouter/window';
import { createApp, defineComponent, h, onMounted, ref } from 'vue';
import { createRouter, createWebHistory, RouterLink, RouterView } from 'vue-router';

const List = defineComponent({
  render: () => [
    h(Prefetch, { url: '/api/products/1.json' }, () =>
      h(RouterLink, { to: '/products/1', class: 'api' }, () => 'Kettle, by its API call'),
    ),
    ' ',
    h(Prefetch, null, () =>
      h(RouterLink, { to: { name: 'product', params: { id: 2 } } }, () => 'Teapot, by its page'),
    ),
  ],
});

const Product = defineComponent({
  props: { id: String },
  setup({ id }) {
    const name = ref('');
    onMounted(async () => {
      const response = await fetch(`/api/products/${id}.json`);
      name.value = (await response.json()).name;
    });
    return () => h('h1', name.value);
  },
});

const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/products/:id', name: 'product', component: Product, props: true },
    { path: '/:rest(.*)*', component: List },
  ],
});

void install();
createApp(RouterView).use(router).mount('#app');
