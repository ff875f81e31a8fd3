import type { ReactNode } from 'react';
import { ServiceWorker } from './ServiceWorker';

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <ServiceWorker />
        {children}
      </body>
    </html>
  );
}
