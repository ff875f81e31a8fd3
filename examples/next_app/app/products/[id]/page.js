export const revalidate = 3600;
export const generateStaticParams = () => [{ id: '1' }, { id: '2' }];
export default async function Product({ params }) {
  const { id } = await params;
  return <h1>Tea {id}</h1>;
}
