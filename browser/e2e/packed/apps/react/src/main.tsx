import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { App } from './App';

createRoot(document.querySelector('#app') as Element).render(
  <BrowserRouter>
    <App />
  </BrowserRouter>,
);
