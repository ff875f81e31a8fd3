import { Prefetch, useServiceWorker } from 'prefetchrouter/react';
import { useEffect, useState } from 'react';
import { Link, Route, Routes, useParams } from 'react-router';

export function App() {
  useServiceWorker();
  return (
    <Routes>
      <Route path="/" element={<Products />} />
      <Route path="/products/:id" element={<Product />} />
    </Routes>
  );
}

function Products() {
  return (
    <>
      <h1>Products</h1>
      <Prefetch url="/api/products/1.json">
        <Link to="/products/1">Kettle</Link>
      </Prefetch>
      <Prefetch url={(href) => `/api${href}.json`}>
        <Link to="/products/2">Teapot</Link>
      </Prefetch>
      <Prefetch>
        <Link to="/terms.html" reloadDocument>
          Terms
        </Link>
      </Prefetch>
    </>
  );
}

function Product() {
  const { id } = useParams();
  const [name, setName] = useState('');
  useEffect(() => {
    fetch(`/api/products/${id}.json`)
      .then((response) => response.json())
      .then((product) => setName(product.name));
  }, [id]);
  return (
    <>
      <h1>{name}</h1>
      <Link to="/">All products</Link>
    </>
  );
}
